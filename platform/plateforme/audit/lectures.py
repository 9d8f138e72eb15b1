"""What models tell the journal by themselves, so that no view can forget: rows read, rows written.

Knows nothing else of ours: ``tenancy.modeles`` calls it for every row.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

# Usagers whose rows were read since the request began; None outside one.
LUS: ContextVar[set[UUID] | None] = ContextVar("treille_lus", default=None)


@contextmanager
def lectures_muettes() -> Iterator[None]:
    """Rows read inside are weighed, not shown: deciding that a dossier is closed is not reading it."""
    jeton = LUS.set(None)
    try:
        yield
    finally:
        LUS.reset(jeton)


# (model, nature, usagers): set by ``plateforme.audit``.
_ecrit: list[Callable[[type[Any], str, Iterable[UUID]], None]] = []


def brancher(fonction: Callable[[type[Any], str, Iterable[UUID]], None]) -> None:
    """Who hears of writes."""
    _ecrit[:] = [fonction]


def ecrit(modele: type[Any], nature: str, sujets: Iterable[UUID | None]) -> None:
    """Rows of these usagers were written; in the transaction of the write. A row may be about nobody: None."""
    connus = [sujet for sujet in sujets if sujet is not None]
    for fonction in _ecrit if connus else ():
        fonction(modele, nature, connus)
