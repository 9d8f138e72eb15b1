"""The one door to a structure. Everything that enters, enters here.

- ``epingler`` at the edge (a request's host, a task's header, a command): path and role together;
- ``dans_structure`` inside: the path only, so that PostgreSQL refuses if the role pinned is another's;
- ``elever`` for the rare explicit passage from one structure to another: with a reason, on record.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from plateforme.core.errors import Introuvable
from plateforme.tenancy.courant import PUBLIC, Contexte, courant, lier
from tenants import repertoire
from tenants.models import Structure

logger = logging.getLogger(__name__)

Cible = Structure | Contexte | UUID


def contexte_de(cible: Cible) -> Contexte:
    """Directory entry of a structure. Raises Introuvable when it is closed, being created or unknown."""
    if isinstance(cible, Contexte):
        return cible
    contexte = repertoire.par_id(cible.pk if isinstance(cible, Structure) else cible)
    if contexte is None:
        raise Introuvable("Cette structure n’est pas ouverte.")
    return contexte


@contextmanager
def epingler(cible: Cible) -> Iterator[Contexte]:
    """Edge only: run the block as this structure, path and role."""
    with lier(contexte_de(cible)) as contexte:
        yield contexte


@contextmanager
def dans_structure(cible: Cible) -> Iterator[Contexte]:
    """Run the block in this structure's schema with the role already pinned, then come back where we were."""
    with lier(contexte_de(cible), epingler=False) as contexte:
        yield contexte


@contextmanager
def elever(cible: Cible, *, motif: str) -> Iterator[Contexte]:
    """Enter another structure in full, for a stated reason; the passage is logged with both structures."""
    depuis = courant()
    contexte = contexte_de(cible)
    logger.warning(
        "passage d’une structure à une autre",
        extra={"code": motif, "etape": f"{depuis.structure_id if depuis else '-'} → {contexte.structure_id}"},
    )
    with lier(contexte):
        yield contexte


@contextmanager
def en_public() -> Iterator[Contexte]:
    """Run the block in the directory's schema, under the role that sees no structure."""
    with lier(PUBLIC) as contexte:
        yield contexte


def pour_chaque_structure(acte: Callable[[Contexte], None]) -> dict[UUID, Exception]:
    """Run ``acte`` in every active structure, one after the other; one that fails does not stop the rest.

    Returns the failures by structure.
    """
    echecs: dict[UUID, Exception] = {}
    for contexte in repertoire.actives():
        try:
            with lier(contexte):
                acte(contexte)
        except Exception as erreur:
            logger.exception("structure en échec", extra={"code": type(erreur).__name__})
            if contexte.structure_id is not None:
                echecs[contexte.structure_id] = erreur
    return echecs
