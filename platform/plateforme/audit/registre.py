"""Kinds of events, declared once by their domain, with the sentence people read."""

from dataclasses import dataclass
from typing import Literal

# DICOM / FHIR AuditEvent.action: create, read, update, delete, execute.
Nature = Literal["C", "R", "U", "D", "E"]
# How long a trace keeps its content: the dated parameter ``audit.conservation.<this>``, in months. ``preuve``: for ever.
Conservation = Literal["acces", "securite", "technique", "preuve"]


@dataclass(frozen=True, slots=True)
class Genre:
    """``phrase`` follows the name of who did it: « a ouvert le dossier ». ``code`` is stable for ever."""

    code: str
    phrase: str
    nature: Nature
    conserve: Conservation = "acces"


_genres: dict[str, Genre] = {}


class GenreInconnu(KeyError):
    """A service notes an event nobody declared: a programming error."""


def declarer_evenement(code: str, phrase: str, nature: Nature, *, conserve: Conservation = "acces") -> Genre:
    """Add a kind of event; a code is declared once. ``conserve``: which term of retention it follows."""
    if code in _genres:
        raise ValueError(f"L’événement {code} est déclaré deux fois.")
    _genres[code] = Genre(code, phrase, nature, conserve)
    return _genres[code]


def genre(code: str) -> Genre:
    try:
        return _genres[code]
    except KeyError as erreur:
        raise GenreInconnu(code) from erreur


def genres() -> list[Genre]:
    return sorted(_genres.values(), key=lambda g: g.code)
