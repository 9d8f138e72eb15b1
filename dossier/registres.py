"""Where domains above plug into the dossier: who is on the case, what comes next, panels of the side column."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dossier.models import Usager


@dataclass(frozen=True, slots=True)
class Raison:
    """Why somebody is on a case, in words, and until when the file stays open (None: no end is known)."""

    libelle: str
    jusqu_a: datetime | None = None


@dataclass(frozen=True, slots=True)
class Affectation:
    """A way of being on a case. ``usagers`` answers a query of ids, never a list: it becomes a subquery."""

    cle: str
    usagers: Callable[[Any, datetime], Any]  # (account, instant) -> queryset of ids of usagers
    raison: Callable[[Any, UUID, datetime], Raison | None]
    # (usager, instant) -> queryset of ids of accounts: the same links, read from the dossier.
    comptes: Callable[[UUID, datetime], Any]


@dataclass(frozen=True, slots=True)
class Prochaine:
    """The next thing planned for a person."""

    quand: datetime
    quoi: str


@dataclass(frozen=True, slots=True)
class PanneauUsager:
    """A block of the side column of a dossier. ``contexte`` feeds ``gabarit`` as ``donnees``; None hides it."""

    cle: str
    ordre: int
    action: str
    gabarit: str
    contexte: Callable[[Any, Usager], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class LienUsager:
    """A button of the head of a dossier: ``adresse`` gets the usager."""

    cle: str
    ordre: int
    action: str
    libelle: str
    icone: str
    adresse: Callable[[Usager], str]


# (account, ids) -> the next thing of each, asked once for a whole page.
SourceProchaine = Callable[[Any, Sequence[UUID]], Mapping[UUID, Prochaine]]

_affectations: dict[str, Affectation] = {}
_prochaines: dict[str, SourceProchaine] = {}
_panneaux: dict[str, PanneauUsager] = {}
_liens: dict[str, LienUsager] = {}


def inscrire_affectation(affectation: Affectation) -> None:
    """Called in ``apps.ready()``, as the others."""
    _affectations[affectation.cle] = affectation


def inscrire_prochaine(cle: str, source: SourceProchaine) -> None:
    _prochaines[cle] = source


def inscrire_panneau_usager(panneau: PanneauUsager) -> None:
    _panneaux[panneau.cle] = panneau


def inscrire_lien_usager(lien: LienUsager) -> None:
    _liens[lien.cle] = lien


def affectations() -> list[Affectation]:
    return list(_affectations.values())


def panneaux_usager() -> list[PanneauUsager]:
    return sorted(_panneaux.values(), key=lambda panneau: panneau.ordre)


def liens_usager() -> list[LienUsager]:
    return sorted(_liens.values(), key=lambda lien: lien.ordre)


def prochaines(compte: Any, usagers: Iterable[UUID]) -> dict[UUID, Prochaine]:
    """The earliest of what the sources say."""
    ids = list(usagers)
    reunies: dict[UUID, Prochaine] = {}
    if ids:
        for source in _prochaines.values():
            for cle, prochaine in source(compte, ids).items():
                if cle not in reunies or prochaine.quand < reunies[cle].quand:
                    reunies[cle] = prochaine
    return reunies
