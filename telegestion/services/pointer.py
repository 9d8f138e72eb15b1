"""Facts from the field, badges and gestures: never refused, only qualified."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from plateforme.core.clock import now
from plateforme.habilitations.decision import exiger
from plateforme.outbox.services import publier
from plateforme.terrain.services import Anomalie
from telegestion.models import Geste, Intervenant, Intervention, Pointage, Preuve, SensPointage, Statut

SANS_INTERVENANT = Anomalie(
    "compte_sans_intervenant",
    "Ce compte n’est celui d’aucun intervenant\u00a0: le service a gardé votre envoi.",
)
INCONNUE = Anomalie(
    "intervention_inconnue", "Cette visite n’est plus au planning\u00a0: le service a gardé votre envoi."
)
ANNULEE = Anomalie(
    "intervention_annulee", "Cette visite avait été annulée\u00a0: le service est prévenu de votre passage."
)
D_UN_AUTRE = Anomalie(
    "autre_intervenant", "Cette visite n’est pas à votre planning\u00a0: le service est prévenu."
)
DEJA_POINTEE = Anomalie("deja_pointee", "Cette visite était déjà badgée\u00a0: les deux heures sont gardées.")
SANS_ARRIVEE = Anomalie(
    "depart_sans_arrivee", "Il manque le badge d’arrivée\u00a0: le service complétera avec vous."
)
GESTE_INCONNU = Anomalie(
    "geste_inconnu", "Ce geste n’est plus au plan d’aide\u00a0: le service a gardé votre envoi."
)


@dataclass(frozen=True, slots=True)
class Recepisse:
    """``pointage`` is None when nobody known badged; the event itself is kept in any case."""

    pointage: Pointage | None
    anomalie: Anomalie | None = None


def pointer(
    acteur: Any,
    *,
    evenement_id: UUID,
    intervention_id: UUID | None,
    sens: str,
    pointe_a: datetime,
    preuve: str = Preuve.DECLAREE,
    motif: str = "",
) -> Recepisse:
    """Keep a badge; its id is the phone's event.

    Idempotent: on ``evenement_id``, by the caller. Lock: the visit, so that two arrivals see each other.
    """
    exiger(acteur, "telegestion.pointage.saisir")
    with transaction.atomic():
        intervenant = Intervenant.objects.filter(compte_id=acteur.pk).first()
        if intervenant is None:
            return Recepisse(None, SANS_INTERVENANT)
        ligne = _verrouiller(intervention_id)
        anomalie = _qualifier(ligne, intervenant, sens)
        pointage = Pointage(
            id=evenement_id,
            intervention=ligne,
            intervenant=intervenant,
            sens=sens,
            pointe_a=pointe_a,
            recu_a=now(),
            preuve=preuve if preuve in Preuve.values else Preuve.DECLAREE,
            motif=motif[:120],
        )
        pointage.save(force_insert=True)
        _publier(pointage, anomalie)
    return Recepisse(pointage, anomalie)


def _verrouiller(intervention_id: UUID | None) -> Intervention | None:
    if intervention_id is None:
        return None
    return Intervention.objects.select_for_update(of=("self",)).filter(pk=intervention_id).first()


def _qualifier(ligne: Intervention | None, intervenant: Intervenant, sens: str) -> Anomalie | None:
    """The most telling reserve, if any."""
    if ligne is None:
        return INCONNUE
    if ligne.intervenant_id != intervenant.pk:
        return D_UN_AUTRE
    if ligne.statut == Statut.ANNULEE:
        return ANNULEE
    deja = set(
        Pointage.objects.filter(intervention=ligne, intervenant=intervenant).values_list("sens", flat=True)
    )
    if sens in deja:
        return DEJA_POINTEE
    if sens == SensPointage.DEPART and SensPointage.ARRIVEE not in deja:
        return SANS_ARRIVEE
    return None


def _publier(pointage: Pointage, anomalie: Anomalie | None) -> None:
    publier(
        "telegestion.pointage.recu",
        f"intervention:{pointage.intervention_id or pointage.pk}",
        {
            "pointage": str(pointage.pk),
            "intervention": str(pointage.intervention_id) if pointage.intervention_id else None,
            "intervenant": str(pointage.intervenant_id),
            "sens": pointage.sens,
            "pointe_a": pointage.pointe_a.isoformat(),
            "anomalie": anomalie.code if anomalie else "",
        },
    )


def cocher_geste(
    acteur: Any, geste_id: UUID | None, *, fait_a: datetime | None, motif: str = ""
) -> Anomalie | None:
    """Tick (``fait_a``), untick (None) or say why not (``motif``) a gesture of one's own visit."""
    exiger(acteur, "telegestion.pointage.saisir")
    with transaction.atomic():
        geste = geste_id and (
            Geste.objects.select_for_update(of=("self",))
            .select_related("intervention__intervenant")
            .filter(pk=geste_id)
            .first()
        )
        if not geste:
            return GESTE_INCONNU
        intervenant = geste.intervention.intervenant
        if intervenant is None or intervenant.compte_id != acteur.pk:
            return D_UN_AUTRE
        geste.fait_a, geste.non_fait_motif = fait_a, "" if fait_a else motif.strip()[:120]
        geste.save(update_fields=["fait_a", "non_fait_motif", "modifie_a"])
    return ANNULEE if geste.intervention.statut == Statut.ANNULEE else None
