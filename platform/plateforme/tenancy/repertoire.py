"""How the foundations find a structure without knowing ``tenants``, which provides the directory at start-up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from plateforme.tenancy.courant import Contexte


@dataclass(frozen=True, slots=True)
class Repertoire:
    """Lookups of the directory; each returns None for what does not exist."""

    par_id: Callable[[UUID], Contexte | None]
    par_hote: Callable[[str], Contexte | None]
    actives: Callable[[], Iterator[Contexte]]


_repertoire: Repertoire | None = None


def definir(repertoire: Repertoire) -> None:
    """Called once by ``tenants.apps``."""
    global _repertoire  # noqa: PLW0603 - one directory per process
    _repertoire = repertoire


def repertoire() -> Repertoire:
    if _repertoire is None:
        raise RuntimeError(
            "Le répertoire des structures n’est pas chargé : l’application « tenants » manque."
        )
    return _repertoire
