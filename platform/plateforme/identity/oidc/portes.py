"""The two steps across hosts: what the network knows of a structure's person, what a structure takes from the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from plateforme.tenancy.repertoire import repertoire


@contextmanager
def reseau() -> Iterator[Contexte]:
    """The block runs on the network's tables: passages and attachments, nothing else is asked there."""
    with lier(PUBLIC) as contexte:
        yield contexte


@contextmanager
def structure(structure_id: UUID) -> Iterator[Contexte | None]:
    """The block runs in that structure, to close the sessions of somebody who signed out; None when it is not open."""
    contexte = repertoire().par_id(structure_id)
    if contexte is None:
        yield None
        return
    with lier(contexte):
        yield contexte
