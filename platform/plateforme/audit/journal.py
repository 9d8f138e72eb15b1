"""The door of the journal: what a service notes is written with the change itself, or neither is.

Notes wait on the connection until just before COMMIT, then go in one statement; a rolled back savepoint takes its notes
with it. What was read is gathered row by row and written before the answer leaves.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection

from plateforme.audit.registre import Genre, genre
from plateforme.habilitations.registre import action
from plateforme.observability.contexte import acteur_courant, trace
from plateforme.tenancy.courant import Contexte, exiger_courant


class SansContexte(RuntimeError):
    """Something is noted while nobody said who acts, from where."""

    def __init__(self) -> None:
        super().__init__(
            "Rien ne dit qui agit ni d’où : ouvrez plateforme.audit.journal.acte autour du travail."
        )


@dataclass(frozen=True, slots=True)
class Acte:
    """Who acts and from where, for every trace of a request, a task or a command."""

    origine: str
    role: str = ""
    mode: str = "normal"


@dataclass(frozen=True, slots=True)
class Note:
    """A trace to be written. ``contexte`` is the structure it belongs to, whatever is current at COMMIT."""

    contexte: Contexte
    acteur_id: UUID | None
    acte: Acte
    requete: str
    genre: str
    nature: str
    sujets: tuple[UUID, ...]
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def cle(self) -> tuple[Any, ...]:
        """Notes of one key, one after the other, are one trace."""
        return (self.contexte, self.acteur_id, self.acte, self.requete, self.genre)


# Code of the action being served: set by the gate of the page or of the operation.
ACTION: ContextVar[str] = ContextVar("treille_action", default="")
_acte: ContextVar[Acte | None] = ContextVar("treille_acte", default=None)


@contextmanager
def acte(origine: str, *, role: str = "", mode: str = "normal") -> Iterator[Acte]:
    """Run the block as this act: ``web``, ``api``, ``tache:…``, ``commande:…``."""
    valeur = Acte(origine, role, mode)
    jeton = _acte.set(valeur)
    try:
        yield valeur
    finally:
        _acte.reset(jeton)


def acte_courant() -> Acte | None:
    return _acte.get()


def noter(
    code: str,
    *,
    sujets: Iterable[UUID] = (),
    acteur_id: UUID | None = None,
    **details: str | int | bool | None,
) -> None:
    """Note that ``code`` (an event, or an action) happened, about these usagers.

    ``acteur_id`` only where nobody is signed in yet (a sign-in, an invitation). ``details``: codes, ids and counts,
    never a name, a NIR or a content. Raises GenreInconnu, SansContexte.
    """
    _deposer(_genre(code), sujets, acteur_id or acteur_courant(), details)


def noter_lecture(code: str, sujets: Iterable[UUID], *, mode: str = "") -> None:
    """These usagers were shown under the action ``code``. ``mode``: ``bris`` when by an exceptional access."""
    voulu = action(code)
    _deposer(Genre(voulu.code, voulu.phrase, "R"), sujets, acteur_courant(), {}, mode)


def signaler(modele: type[Any], nature: str, sujets: Iterable[UUID]) -> None:
    """Rows were written: noted under the action of the request, or as what the task or the command did."""
    code = ACTION.get() or "audit.ligne.ecrite"
    _deposer(Genre(code, "", nature), sujets, acteur_courant(), {modele._meta.label_lower: 1})  # type: ignore[arg-type]


def _genre(code: str) -> Genre:
    try:
        return genre(code)
    except KeyError:
        voulu = action(code)
        return Genre(voulu.code, voulu.phrase, "R" if voulu.nature == "lecture" else "U")


def _deposer(
    quoi: Genre, sujets: Iterable[UUID], acteur_id: UUID | None, details: dict[str, Any], mode: str = ""
) -> None:
    acte_en_cours = _acte.get()
    if acte_en_cours is None:
        raise SansContexte
    note = Note(
        contexte=exiger_courant(),
        acteur_id=acteur_id,
        acte=replace(acte_en_cours, mode=mode) if mode else acte_en_cours,
        requete=trace().correlation,
        genre=quoi.code,
        nature=quoi.nature,
        sujets=tuple(dict.fromkeys(sujets)),
        details=details,
    )
    connection.avant_le_commit(note)  # type: ignore[attr-defined]
    if not connection.in_atomic_block:
        connection.ecrire_avant_commit()  # type: ignore[attr-defined]
