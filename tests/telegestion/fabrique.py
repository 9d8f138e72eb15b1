"""People and visits of these tests. The day is always Tuesday 24 November 2026, in Paris (UTC + 1)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from dossier.models import Usager
from plateforme.terrain.services import recevoir
from telegestion.models import Intervenant, Intervention, Pointage

JOUR = date(2026, 11, 24)


def a(heure: str, jour: int = 24) -> datetime:
    """Instant of a wall-clock time in Paris, in November."""
    heures, minutes = heure.split(":")
    return datetime(2026, 11, jour, int(heures), int(minutes), tzinfo=UTC) - timedelta(hours=1)


def intervenant(identifiant: str) -> Intervenant:
    return Intervenant.objects.get(compte__identifiant=identifiant)


def usager(nom: str = "Le Goff", **champs: Any) -> Usager:
    return Usager.objects.create(
        civilite="MME",
        prenoms=champs.pop("prenoms", "Yvonne"),
        nom_naissance=nom,
        ne_le=date(1938, 5, 4),
        accompagne_depuis=date(2025, 1, 1),
        **champs,
    )


def visite(
    qui: str | None, debut: str, fin: str, *, chez: Usager | None = None, jour: int = 24, **champs: Any
) -> Intervention:
    return Intervention.objects.create(
        usager=chez or usager(),
        intervenant=intervenant(qui) if qui else None,
        debut=a(debut, jour),
        fin=a(fin, jour),
        nature=champs.pop("nature", "toilette"),
        **champs,
    )


def badge(ligne: Intervention, sens: str, heure: str, *, qui: Intervenant | None = None) -> Pointage:
    return Pointage.objects.create(
        intervention=ligne,
        intervenant=qui or ligne.intervenant,
        sens=sens,
        pointe_a=a(heure),
        recu_a=a(heure),
    )


def evenement(genre: str, quand: datetime, cle: UUID | None = None, **donnees: Any) -> dict[str, Any]:
    """As a phone writes it."""
    return {"id": str(cle or uuid4()), "genre": genre, "appareil_a": quand.isoformat(), "donnees": donnees}


def envoyer(
    compte: Any, *evenements: dict[str, Any], envoye_a: datetime | None = None
) -> list[tuple[str, str]]:
    """(verdict, code) of each event, sent by this account."""
    return [(r.verdict, r.code) for r in recevoir(evenements, compte_id=compte.pk, envoye_a=envoye_a)]
