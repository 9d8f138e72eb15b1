"""Acts on the team: a newcomer, an absence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from dossier.models import Secteur
from plateforme.core.clock import fuseau, now
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.roles import TERRAIN
from plateforme.identity.models import Compte
from telegestion.models import Absence, Intervenant, Intervention, Metier, MotifAbsence, Pointage
from telegestion.services.errors import AbsenceDejaDeclaree, ChampRefuse
from telegestion.services.planifier import liberer


@dataclass(frozen=True, slots=True)
class AbsenceDeclaree:
    absence: Absence
    liberees: tuple[Intervention, ...]


def creer_intervenant(
    acteur: Any,
    *,
    prenom: str,
    nom: str,
    metier: str,
    telephone: str = "",
    secteur_id: UUID | None = None,
    minutes_semaine: int = 35 * 60,
    compte_id: UUID | None = None,
) -> Intervenant:
    """Somebody one may plan from now on, with or without an account."""
    exiger(acteur, "telegestion.intervenant.creer")
    for champ, valeur in (("prenom", prenom), ("nom", nom)):
        if not valeur.strip():
            raise ChampRefuse(champ, "Ce champ est obligatoire.")
    if metier not in Metier.values:
        raise ChampRefuse("metier", "Choisissez un métier.")
    if not 0 < minutes_semaine <= 48 * 60:
        # Source: Code du travail art. L3121-20, forty-eight hours in a week (read 2026-11-22).
        raise ChampRefuse("heures", "Le contrat va de 1 à 48 heures par semaine.")
    if secteur_id is not None and not Secteur.objects.filter(pk=secteur_id).exists():
        raise ChampRefuse("secteur", "Ce secteur n’existe pas dans votre structure.")
    with transaction.atomic():
        if compte_id is not None:
            _exiger_compte_libre(compte_id)
        return Intervenant.objects.create(
            prenom=prenom.strip(),
            nom=nom.strip(),
            metier=metier,
            telephone=telephone.strip(),
            secteur_id=secteur_id,
            minutes_semaine=minutes_semaine,
            compte_id=compte_id,
        )


def _exiger_compte_libre(compte_id: UUID) -> None:
    compte = Compte.objects.select_for_update().filter(pk=compte_id, role__in=TERRAIN).first()
    if compte is None:
        raise ChampRefuse("compte", "Ce compte n’est pas celui d’un intervenant.")
    if Intervenant.objects.filter(compte_id=compte_id).exists():
        raise ChampRefuse("compte", "Ce compte est déjà celui d’un autre intervenant.")


def declarer_absence(
    acteur: Any, intervenant_id: UUID, *, debut: datetime, fin: datetime, motif: str
) -> AbsenceDeclaree:
    """[debut, fin). The visits of that time not yet begun become « à pourvoir », badged ones stay.

    Lock: the intervenant, then each visit. Raises: ChampRefuse, AbsenceDejaDeclaree, Introuvable.
    """
    exiger(acteur, "telegestion.absence.declarer")
    if motif not in MotifAbsence.values:
        raise ChampRefuse("motif", "Choisissez un motif.")
    if fin <= debut:
        raise ChampRefuse("fin", "La fin précède le début.")
    with transaction.atomic():
        intervenant = Intervenant.objects.select_for_update(of=("self",)).filter(pk=intervenant_id).first()
        if intervenant is None:
            raise Introuvable("Cet intervenant n’existe pas ou n’est pas dans votre structure.")
        _exiger_nouvelle(intervenant, debut, fin)
        absence = Absence.objects.create(intervenant=intervenant, debut=debut, fin=fin, motif=motif)
        liberees = _visites_a_liberer(intervenant, debut, fin)
        for ligne in liberees:
            liberer(ligne)
    return AbsenceDeclaree(absence, tuple(liberees))


def _exiger_nouvelle(intervenant: Intervenant, debut: datetime, fin: datetime) -> None:
    deja = (
        Absence.objects.filter(intervenant=intervenant, debut__lt=fin, fin__gt=debut)
        .order_by("debut")
        .first()
    )
    if deja is not None:
        zone = fuseau()
        phrase = (
            f"Une absence de {intervenant.nom_complet} est déjà déclarée "
            f"du {deja.debut.astimezone(zone):%d/%m/%Y} au {deja.fin.astimezone(zone):%d/%m/%Y}."
        )
        raise AbsenceDejaDeclaree(phrase, champs={"debut": phrase})


def _visites_a_liberer(intervenant: Intervenant, debut: datetime, fin: datetime) -> list[Intervention]:
    lignes = (
        Intervention.objects.maintenues()
        .entre(debut, fin)
        .filter(intervenant=intervenant, fin__gt=now())
        .select_for_update(of=("self",))
        .order_by("debut")
    )
    trouvees = list(lignes)
    badgees = set(
        Pointage.objects.filter(
            intervention_id__in=[ligne.pk for ligne in trouvees], intervenant=intervenant
        ).values_list("intervention_id", flat=True)
    )
    return [ligne for ligne in trouvees if ligne.pk not in badgees]
