"""Public data kept by the operator: every change leaves who, when, from what, to what."""

from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.habilitations.decision import exiger
from tenants.projet.models import ContactRegional, Programme, Revision, Seuil
from tenants.projet.services.acteur import ProjetRefuse

TENIR = "projet.referentiel.tenir"
_ENCODEUR = DjangoJSONEncoder()
Ligne = TypeVar("Ligne", Programme, ContactRegional, Seuil)


def _dire(valeur: Any) -> Any:
    """A value as JSON keeps it."""
    return valeur if isinstance(valeur, str | int | list) or valeur is None else _ENCODEUR.default(valeur)


def _etat(ligne: models.Model, champs: list[str]) -> dict[str, Any]:
    return {champ: _dire(getattr(ligne, champ)) for champ in champs}


def creer(acteur: Any, modele: type[Ligne], valeurs: dict[str, Any]) -> Ligne:
    """A programme nobody had described yet, or a threshold from a new day on. Raises ProjetRefuse."""
    exiger(acteur, TENIR)
    _exiger_une_source(valeurs)
    ligne = modele(**valeurs)
    with transaction.atomic():
        ligne.save(force_insert=True)
        _tracer(acteur, ligne, {}, _etat(ligne, list(valeurs)))
    return ligne


def changer(acteur: Any, ligne: Ligne, valeurs: dict[str, Any]) -> Ligne:
    """Write what differs; nothing differs, nothing is written. Raises ProjetRefuse, HabilitationRefusee."""
    exiger(acteur, TENIR)
    _exiger_une_source(valeurs)
    with transaction.atomic():
        a_jour = type(ligne).objects.select_for_update().get(pk=ligne.pk)
        avant = _etat(a_jour, list(valeurs))
        for champ, valeur in valeurs.items():
            setattr(a_jour, champ, valeur)
        apres = _etat(a_jour, list(valeurs))
        touches = [champ for champ in valeurs if avant[champ] != apres[champ]]
        if touches:
            a_jour.save()
            _tracer(acteur, ligne, {c: avant[c] for c in touches}, {c: apres[c] for c in touches})
    return a_jour


def _exiger_une_source(valeurs: dict[str, Any]) -> None:
    if not str(valeurs.get("source", "")).strip():
        raise ProjetRefuse(
            "Dites d’où vient cette donnée.",
            champs={"source": "Une source, ou «\u00a0Source\u00a0: à confirmer\u00a0»."},
        )


def _tracer(acteur: Any, ligne: models.Model, avant: dict[str, Any], apres: dict[str, Any]) -> None:
    objet = type(ligne).__name__.lower()
    Revision.objects.create(
        objet=objet, objet_id=ligne.pk, auteur_id=acteur.pk, auteur=acteur.nom_complet, quand=now(), avant=avant, apres=apres,
    )  # fmt: skip
    noter("projet.referentiel.change", objet=objet, cle=str(ligne.pk))


def revisions(ligne: models.Model) -> "models.QuerySet[Revision]":
    return Revision.objects.filter(objet_id=ligne.pk)
