"""Facts a structure can state about itself: counts and dates, never a person.

Each domain declares here what it can see (accounts with a second factor, certificates installed, …). The deployment of a
structure reads them, so that a step ticks itself the day it is true, and unticks the day it is not any more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from plateforme.outbox.services import publier
from plateforme.tenancy.courant import exiger_courant

GENRE = "faits.changes"


@dataclass(frozen=True, slots=True)
class Etat:
    """``fait`` out of ``attendu`` (0: nothing is expected yet, so nothing is done).

    ``echeance``: the day it stops being true, or is due. ``details``: plain rows of codes, labels of things, dates and
    states (ISO strings), shown to the grappe: no name of a person, no number of a person.
    """

    fait: int = 0
    attendu: int = 1
    echeance: date | None = None
    details: tuple[dict[str, Any], ...] = field(default=())

    @property
    def tenu(self) -> bool:
        return self.fait >= self.attendu > 0


@dataclass(frozen=True, slots=True)
class Fait:
    code: str  # "identity.second_facteur"
    phrase: str  # "Chaque compte a son second facteur"
    lire: Callable[[], Etat]


_faits: dict[str, Fait] = {}


def declarer_fait(code: str, phrase: str, lire: Callable[[], Etat]) -> None:
    """Called in ``apps.ready()``. ``lire`` runs inside the structure, reads only, in at most three queries."""
    _faits[code] = Fait(code, phrase, lire)


def faits() -> list[Fait]:
    return [_faits[code] for code in sorted(_faits)]


def fait(code: str) -> Fait:
    """Raises KeyError for a code nobody declared."""
    return _faits[code]


def relever() -> dict[str, Etat]:
    """Every fact of the current structure, now."""
    return {code: f.lire() for code, f in _faits.items()}


def signaler() -> None:
    """Say, in the transaction of the change, that a fact may have moved: the deployment is read again at once.

    Without it, it is read again within the quarter of an hour. The network's own accounts are no fact of a structure.
    """
    if exiger_courant().est_une_structure:
        publier(GENRE, "faits", {})
