"""Which structure this thread of execution works for: two context variables, nothing on a class or a connection.

``courant`` decides the search path; ``epingle`` decides the PostgreSQL role. The pin is set once, at the edge (host of
the request, header of the task), so that a bug which changes the path alone ends in « permission denied » and not in
the neighbour's rows. Both start empty: a new thread can reach no table until somebody says for whom it works.

Only ``tenants.contexte``, the request middleware, the task base and ``manage.py`` call :func:`lier` (a test checks).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured


class AucuneStructure(ImproperlyConfigured):
    """The database is used while nobody said for which structure."""

    def __init__(self) -> None:
        super().__init__(
            "Aucune structure n’est liée à ce fil d’exécution : passez par tenants.contexte avant de toucher la base."
        )


class AutreStructure(RuntimeError):
    """An object or a queryset of one structure is used while another is current."""

    def __init__(self, ne_dans: str | None, courant_: str | None) -> None:
        super().__init__(
            f"Construit dans {ne_dans}, utilisé dans {courant_} : évaluez dans la structure d’origine."
        )


@dataclass(frozen=True, slots=True)
class Contexte:
    """A bound structure, or the public schema. Enough to serve a request without reading the directory again."""

    schema: str
    role: str | None = None
    structure_id: UUID | None = None
    slug: str = ""
    nom: str = ""
    fuseau: str = "Europe/Paris"
    profil: str = ""
    etat: str = ""

    @property
    def est_une_structure(self) -> bool:
        return self.structure_id is not None


PUBLIC = Contexte(schema="public")
REFERENCE = Contexte(schema="ref")

VARIABLE: ContextVar[Contexte | None] = ContextVar("treille_courant", default=None)
_epingle: ContextVar[Contexte | None] = ContextVar("treille_epingle", default=None)


def courant() -> Contexte | None:
    """The structure whose schema is in front, or None."""
    return VARIABLE.get()


def exiger_courant() -> Contexte:
    """Same, refusing to go on without one."""
    contexte = VARIABLE.get()
    if contexte is None:
        raise AucuneStructure
    return contexte


def epingle() -> Contexte | None:
    """The structure whose role the connection takes."""
    return _epingle.get()


@contextmanager
def lier(contexte: Contexte, *, epingler: bool = True) -> Iterator[Contexte]:
    """Run the block for ``contexte``, then come back where we were, also after an exception.

    ``epingler=False`` moves the path only: with another structure's role pinned, PostgreSQL refuses.
    """
    jeton = VARIABLE.set(contexte)
    jeton_role = _epingle.set(contexte) if epingler else None
    try:
        yield contexte
    finally:
        VARIABLE.reset(jeton)
        if jeton_role is not None:
            _epingle.reset(jeton_role)


def cle_courante() -> str:
    """Opaque key of the current structure for caches, throttles and prefixes; ``public`` outside any structure."""
    contexte = exiger_courant()
    return str(contexte.structure_id) if contexte.structure_id else contexte.schema
