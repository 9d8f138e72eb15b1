"""What members already had, and what was decided about it."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now, today
from plateforme.core.errors import Introuvable
from tenants.models import Adhesion, Structure
from tenants.projet.models import DecisionDeCumul, FinancementDeclare, Programme
from tenants.projet.services.acteur import ProjetRefuse, la_sienne, net

CONDUIRE = "projet.grappe.conduire"


def _membre(acteur: Any, structure_id: UUID) -> Structure:
    grappe = la_sienne(acteur, CONDUIRE)
    adhesion = (
        Adhesion.objects.filter(grappe=grappe, structure_id=structure_id, jusqu_au=None)
        .select_related("structure")
        .first()
    )
    if adhesion is None:
        raise Introuvable("Cette structure n’est pas membre de votre grappe.")
    return adhesion.structure


def _deja_arrive(jour: date, champ: str) -> None:
    if jour > today():
        raise ProjetRefuse(
            "La date est dans le futur.", champs={champ: "Cette date n’est pas encore arrivée."}
        )


def declarer(
    acteur: Any,
    structure_id: UUID,
    *,
    famille: str,
    programme: Programme | None,
    objet: str,
    obtenu_le: date,
    montant: Decimal | None,
    reference: str,
) -> FinancementDeclare:
    """Record a funding of a member. Raises ProjetRefuse, Introuvable."""
    structure = _membre(acteur, structure_id)
    _deja_arrive(obtenu_le, "obtenu_le")
    if programme is not None and programme.famille != famille:
        raise ProjetRefuse(
            "Ce programme n’est pas de cette famille.",
            champs={"programme": "Choisissez un programme de la famille indiquée, ou aucun."},
        )
    with transaction.atomic():
        ligne = FinancementDeclare.objects.create(
            structure=structure, famille=famille, programme=programme, objet=objet, obtenu_le=obtenu_le,
            montant=montant, reference=net(reference, 120),
        )  # fmt: skip
        noter("projet.cumul.financement", structure=str(structure.pk), famille=famille, objet=objet)
    return ligne


def decider(
    acteur: Any,
    structure_id: UUID,
    *,
    programme: Programme,
    objet: str,
    sens: str,
    rendu_le: date,
    motif: str,
    reference: str,
) -> DecisionDeCumul:
    """Record an opinion of the ARS or a derogation of the direction: motivated, with its paper, for ever."""
    structure = _membre(acteur, structure_id)
    _deja_arrive(rendu_le, "rendu_le")
    motif = net(motif, 2000)
    if len(motif) < 20:
        raise ProjetRefuse(
            "Le motif est trop court.", champs={"motif": "Écrivez le motif en une phrase entière."}
        )
    with transaction.atomic():
        ligne = DecisionDeCumul.objects.create(
            structure=structure, programme=programme, objet=objet, sens=sens, rendu_le=rendu_le, motif=motif,
            reference=net(reference, 120), enregistre_par=acteur.pk, enregistre_a=now(),
        )  # fmt: skip
        noter("projet.cumul.decision", structure=str(structure.pk), programme=programme.code, sens=sens)
    return ligne
