"""What domains tell the engine of rights: who a dossier is about. The platform knows a usager by an id alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Sujet:
    """A usager, for somebody who may not read the dossier yet: enough not to mistake the person.

    ``repere``: civility, initials, year of birth. ``nom``: shown only to who may see it (reviewers).
    """

    id: UUID
    repere: str
    nom: str
    visible: bool
    sante: bool
    oppose: bool


@dataclass(frozen=True, slots=True)
class DossierOuvert:
    """A dossier open to somebody: why, and which parts of it. Only for a reader to whom it is open too."""

    id: UUID
    nom: str
    raisons: tuple[str, ...]
    sante: bool


@dataclass(frozen=True, slots=True)
class Sujets:
    """``decrire`` (account, ids), ``retrouver`` (names, birth date: an exact match, or nobody), ``adresse`` of a dossier.

    ``nombre`` of dossiers open to an account now; ``communs`` (reader, account, offset, limit): those open to both.
    """

    decrire: Callable[[Any, Sequence[UUID]], dict[UUID, Sujet]]
    retrouver: Callable[[str, str, date], UUID | None]
    adresse: Callable[[UUID], str]
    nombre: Callable[[Any], int]
    communs: Callable[[Any, Any, int, int], tuple[int, list[DossierOuvert]]]


@dataclass(frozen=True, slots=True)
class CelluleConseillee:
    """A cell of a model matrix: what a grappe advises, and why."""

    role: str
    code: str
    permis: bool
    motif: str


@dataclass(frozen=True, slots=True)
class ModeleDeMatrice:
    """What the grappe of a structure offers it."""

    nom: str
    cellules: tuple[CelluleConseillee, ...]


_sujets: list[Sujets] = []
_modeles: list[Callable[[UUID], ModeleDeMatrice | None]] = []


def inscrire_modele(lire: Callable[[UUID], ModeleDeMatrice | None]) -> None:
    """Called by the directory of structures: the model offered to a structure, None without one."""
    _modeles[:] = [lire]


def modele_de(structure_id: UUID) -> ModeleDeMatrice | None:
    return _modeles[0](structure_id) if _modeles else None


def inscrire_sujets(sujets: Sujets) -> None:
    """Called by the domain of dossiers in ``apps.ready()``."""
    _sujets[:] = [sujets]


def sujets() -> Sujets:
    return _sujets[0]
