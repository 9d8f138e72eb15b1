"""On the case by one's visits: the dossier of a person opens 24 h before a visit and closes 72 h after it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime

from dossier.registres import Affectation, Raison
from telegestion.models import Intervention, InterventionQuerySet

AVANT = timedelta(hours=24)
APRES = timedelta(hours=72)


def visites_du_compte(compte: Any, instant: datetime) -> InterventionQuerySet:
    """Own visits, not cancelled, whose window holds ``instant``."""
    lignes: InterventionQuerySet = Intervention.objects.maintenues()
    return lignes.filter(
        intervenant__compte_id=compte.pk, debut__lte=instant + AVANT, fin__gte=instant - APRES
    )


def usagers(compte: Any, instant: datetime) -> Any:
    return visites_du_compte(compte, instant).order_by().values("usager_id")


def raison(compte: Any, usager_id: UUID, instant: datetime) -> Raison | None:
    """The visit that keeps the dossier open longest."""
    visite = visites_du_compte(compte, instant).filter(usager_id=usager_id).order_by("-fin").first()
    if visite is None:
        return None
    debut = localtime(visite.debut)
    libelle = f"Visite du {debut:%d/%m} à {debut:%H:%M}, {str(visite.get_nature_display()).lower()}"
    return Raison(libelle, visite.fin + APRES)


def comptes(usager_id: UUID, instant: datetime) -> Any:
    """Accounts whose visits to this person hold ``instant`` in their window."""
    lignes: InterventionQuerySet = Intervention.objects.maintenues()
    return (
        lignes.filter(
            usager_id=usager_id,
            debut__lte=instant + AVANT,
            fin__gte=instant - APRES,
            intervenant__compte__isnull=False,
        )
        .order_by()
        .values("intervenant__compte_id")
    )


AFFECTATION = Affectation("visites", usagers, raison, comptes)
