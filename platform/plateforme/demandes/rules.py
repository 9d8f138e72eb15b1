"""Deadlines of the requests of persons. Source: RGPD article 12.3; CSP L1111-7 for the medical file. No framework here."""

from dataclasses import dataclass
from datetime import date, timedelta

from plateforme.core.periods import plus_mois


@dataclass(frozen=True, slots=True)
class Delais:
    """In force on a day. ``mois``: to answer; ``prolongation``: months more; the medical file has its own."""

    mois: int
    prolongation: int
    medical_jours: int
    medical_ancien_mois: int


def echeance(recue_le: date, delais: Delais, *, medical: bool = False, ancien: bool = False) -> date:
    """Last day to answer. ``ancien``: every piece asked for is more than five years old."""
    if medical:
        if ancien:
            return plus_mois(recue_le, delais.medical_ancien_mois)
        return recue_le + timedelta(days=delais.medical_jours)
    return plus_mois(recue_le, delais.mois)


# Days before the end when the DPD and the direction are told; 0 the day itself, -1 once it is over. Ours.
SEUILS = (10, 3, 0)


def seuil_atteint(echeance_: date, jour: date) -> int | None:
    """The tightest threshold reached today; -1 once late; None when there is time."""
    restants = (echeance_ - jour).days
    if restants < 0:
        return -1
    atteints = [s for s in SEUILS if restants <= s]
    return min(atteints) if atteints else None
