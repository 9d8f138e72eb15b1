"""Plan a session; sign one's own presence."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now, today
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.faits import signaler
from plateforme.formation.models import Emargement, Seance
from plateforme.habilitations.decision import exiger


class EmargementRefuse(ErreurMetier):
    code: ClassVar[str] = "formation.emargement.refuse"
    statut = 409


def prevoir(acteur: Any, *, titre: str, le: date, minutes: int, animee_par: str) -> Seance:
    exiger(acteur, "formation.seance.organiser")
    with transaction.atomic():
        seance = Seance.objects.create(
            titre=" ".join(titre.split()),
            le=le,
            minutes=minutes,
            animee_par=" ".join(animee_par.split()),
            organisee_par=acteur,
        )
        noter("formation.seance.prevue", seance=str(seance.pk))
    return seance


def emarger(acteur: Any, seance_id: UUID) -> Emargement:
    """For oneself only, once: signing twice is signing once. Raises EmargementRefuse out of its time."""
    exiger(acteur, "formation.seance.suivre")
    seance = Seance.objects.filter(pk=seance_id).first()
    if seance is None:
        raise Introuvable
    if not seance.s_emarge(today()):
        phrase = (
            "Cette séance n’a pas encore eu lieu\u00a0: vous l’émargerez ce jour-là."
            if seance.le > today()
            else "Cette séance a eu lieu il y a plus d’un mois\u00a0: demandez-en une autre à votre responsable."
        )
        raise EmargementRefuse(phrase)
    with transaction.atomic():
        Emargement.objects.bulk_create(
            [Emargement(seance=seance, compte=acteur, a=now())], ignore_conflicts=True
        )
        noter("formation.seance.emargee", seance=str(seance.pk))
        signaler()
    return Emargement.objects.get(seance=seance, compte=acteur)
