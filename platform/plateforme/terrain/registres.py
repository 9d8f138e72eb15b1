"""Where domains plug into the phone's pages: tabs, cautions, chips of the end of a visit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Onglet:
    """One of the five tabs at the thumb; absent without the right. ``compteur``: 0 shows nothing."""

    cle: str
    libelle: str
    icone: str
    url: str  # URL name, no argument
    ordre: int
    action: str
    compteur: Callable[[Any], int] | None = None


@dataclass(frozen=True, slots=True)
class Prudence:
    """What to know before entering: ``titre`` in bold, then ``texte``."""

    titre: str
    texte: str = ""
    depuis: datetime | None = None


# (account, ids of usagers) -> the caution of each; asked once for a whole tour.
SourcePrudence = Callable[[Any, Sequence[UUID]], Mapping[UUID, Prudence]]

_onglets: dict[str, Onglet] = {}
_prudences: dict[str, SourcePrudence] = {}


def inscrire_onglet(onglet: Onglet) -> None:
    _onglets[onglet.cle] = onglet


def inscrire_prudence(cle: str, source: SourcePrudence) -> None:
    """Register a source of cautions; called in ``apps.ready()``."""
    _prudences[cle] = source


def onglets() -> list[Onglet]:
    return sorted(_onglets.values(), key=lambda onglet: onglet.ordre)


def prudences(compte: Any, usagers: Iterable[UUID]) -> dict[UUID, list[Prudence]]:
    """Cautions of each usager, newest first."""
    demandes = list(dict.fromkeys(usagers))
    reunies: dict[UUID, list[Prudence]] = {cle: [] for cle in demandes}
    if demandes:
        for source in _prudences.values():
            for cle, prudence in source(compte, demandes).items():
                if cle in reunies:
                    reunies[cle].append(prudence)
    for liste in reunies.values():
        liste.sort(key=lambda p: p.depuis.timestamp() if p.depuis else 0.0, reverse=True)
    return reunies
