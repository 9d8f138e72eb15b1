"""Conventions of sharing with partner services: opened, joined, left, ended. Nothing is deleted, a link is ended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from dossier.models import ConventionPartage, MembreConvention
from dossier.services.confidentialite import ReglageRefuse
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.roles import PARTENAIRE
from plateforme.identity.models import Compte

REGLER = "dossier.convention.regler"


def ouvrir(acteur: Any, *, partenaire: str, objet: str, soins: bool, au: datetime | None) -> Any:
    """A convention in force from now on. Opens no dossier by itself: each person agrees. Raises ReglageRefuse."""
    exiger(acteur, REGLER)
    partenaire, objet = " ".join(partenaire.split())[:150], " ".join(objet.split())[:200]
    vides = {nom: "À remplir." for nom, texte in (("partenaire", partenaire), ("objet", objet)) if not texte}
    if vides:
        raise ReglageRefuse("Dites avec qui, et pour quoi.", champs=vides)
    if au is not None and au <= now():
        raise ReglageRefuse("La fin doit être à venir.", champs={"au": "La fin doit être à venir."})
    with transaction.atomic():
        ligne = ConventionPartage.objects.create(partenaire=partenaire, objet=objet, soins=soins, au=au)
        noter("dossier.convention.ouverte", convention=str(ligne.pk), soins=soins)
    return ligne


def _en_cours(convention_id: UUID) -> Any:
    ligne: Any = ConventionPartage.objects.select_for_update().filter(pk=convention_id).first()
    if ligne is None:
        raise Introuvable
    if ligne.au is not None and ligne.au <= now():
        raise ReglageRefuse("Cette convention est terminée\u00a0: ouvrez-en une nouvelle.")
    return ligne


def finir(acteur: Any, convention_id: UUID) -> None:
    """Closes to this partner, at once, every dossier it opened."""
    exiger(acteur, REGLER)
    with transaction.atomic():
        ligne = _en_cours(convention_id)
        ligne.au = now()
        ligne.save()
        noter("dossier.convention.finie", convention=str(ligne.pk))


def inscrire(acteur: Any, convention_id: UUID, *, compte_id: UUID) -> None:
    """Raises ReglageRefuse for an account that is not a partner's, or already there."""
    exiger(acteur, REGLER)
    with transaction.atomic():
        ligne = _en_cours(convention_id)
        compte = Compte.objects.filter(pk=compte_id, actif=True, role=PARTENAIRE).first()
        if compte is None:
            faute = "Choisissez un compte de partenaire."
            raise ReglageRefuse(faute, champs={"compte": faute})
        if MembreConvention.objects.ouverts(now()).filter(convention=ligne, compte=compte).exists():
            faute = "Ce partenaire est déjà inscrit."
            raise ReglageRefuse(faute, champs={"compte": faute})
        MembreConvention.objects.create(convention=ligne, compte=compte)
        noter("dossier.convention.membre", convention=str(ligne.pk), compte=str(compte.pk), inscrit=True)


def retirer(acteur: Any, convention_id: UUID, membre_id: UUID) -> None:
    exiger(acteur, REGLER)
    with transaction.atomic():
        membre: Any = (
            MembreConvention.objects.select_for_update()
            .filter(pk=membre_id, convention_id=convention_id)
            .first()
        )
        if membre is None:
            raise Introuvable
        if membre.au is not None and membre.au <= now():
            return
        membre.au = now()
        membre.save()
        noter(
            "dossier.convention.membre",
            convention=str(convention_id),
            compte=str(membre.compte_id),
            inscrit=False,
        )
