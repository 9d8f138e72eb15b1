"""The people around, and what to be careful about."""

from typing import Any
from uuid import UUID

from django.db import transaction

from dossier.models import Niveau, Proche, Usager, Vigilance
from dossier.queries import refuser, usagers_visibles, vigilances_lisibles
from dossier.rules import telephone_compact
from dossier.services.errors import FicheRefusee
from dossier.services.fiche import TELEPHONE_FAUX
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import exiger


def ajouter_proche(
    acteur: Any,
    usager_id: UUID,
    *,
    nom_complet: str,
    lien: str,
    telephone: str = "",
    personne_de_confiance: bool = False,
) -> Proche:
    """Called last, after those already there. A person has one « personne de confiance »: a new one takes the place.

    Source: CASF art. L311-5-1, personne de confiance (read 2026-11-22).
    Raises: Introuvable, FicheRefusee.
    """
    exiger(acteur, "dossier.usager.modifier")
    nom_complet, lien = " ".join(nom_complet.split()), " ".join(lien.split())
    compact = telephone_compact(telephone) if telephone.strip() else ""
    fautes = {}
    if not nom_complet or len(nom_complet) > 150:
        fautes["nom_complet"] = "Écrivez le nom, en 150 caractères au plus."
    if not lien or len(lien) > 60:
        fautes["lien"] = "Dites le lien, par exemple «\u00a0fille\u00a0» ou «\u00a0voisine\u00a0»."
    if compact is None:
        fautes["telephone"] = TELEPHONE_FAUX
    if fautes:
        raise FicheRefusee(fautes)
    with transaction.atomic():
        usager = _verrouiller(acteur, usager_id)
        siens = Proche.objects.filter(usager=usager)
        if personne_de_confiance:
            siens.filter(personne_de_confiance=True).update(personne_de_confiance=False)
        dernier = siens.order_by("-ordre").values_list("ordre", flat=True).first() or 0
        return Proche.objects.create(
            usager=usager,
            nom_complet=nom_complet,
            lien=lien,
            telephone=compact or "",
            ordre=min(dernier + 1, 32767),
            personne_de_confiance=personne_de_confiance,
        )


def retirer_proche(acteur: Any, usager_id: UUID, proche_id: UUID) -> None:
    exiger(acteur, "dossier.usager.modifier")
    with transaction.atomic():
        usager = _verrouiller(acteur, usager_id)
        if not Proche.objects.filter(pk=proche_id, usager=usager).delete()[0]:
            raise Introuvable


def noter_vigilance(
    acteur: Any, usager_id: UUID, *, libelle: str, niveau: str = Niveau.ATTENTION, sante: bool = False
) -> Vigilance:
    """Something to know before entering. Who gives no care may note a health fact told on the telephone, not read it back.

    Raises: Introuvable, FicheRefusee.
    """
    exiger(acteur, "dossier.vigilance.noter")
    libelle = " ".join(libelle.split())
    fautes = {}
    if not libelle or len(libelle) > 120:
        fautes["libelle"] = "Dites en quelques mots ce qu’il faut savoir (120 caractères au plus)."
    if niveau not in Niveau.values:
        fautes["niveau"] = "Choisissez un niveau."
    if fautes:
        raise FicheRefusee(fautes)
    with transaction.atomic():
        usager = _verrouiller(acteur, usager_id)
        return Vigilance.objects.create(usager=usager, libelle=libelle, niveau=niveau, sante=sante)


def retirer_vigilance(acteur: Any, usager_id: UUID, vigilance_id: UUID) -> None:
    """Only one that the actor may read."""
    exiger(acteur, "dossier.vigilance.noter")
    with transaction.atomic():
        usager = _verrouiller(acteur, usager_id)
        lisibles = vigilances_lisibles(acteur, [usager.pk]).get(usager.pk, ())
        visee = next((v for v in lisibles if v.pk == vigilance_id), None)
        if visee is None:
            raise Introuvable
        visee.delete()


def _verrouiller(acteur: Any, usager_id: UUID) -> Usager:
    ligne = usagers_visibles(acteur).select_for_update(of=("self",)).filter(pk=usager_id).first()
    if ligne is None:
        refuser(acteur, usager_id)
    return ligne
