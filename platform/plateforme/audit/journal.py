"""The door of the journal: what a service notes is written with the change itself, or nothing is."""

from collections.abc import Iterable
from uuid import UUID

from plateforme.audit.registre import genre


def noter(
    code: str,
    *,
    sujets: Iterable[UUID] = (),
    acteur_id: UUID | None = None,
    **details: str | int | bool | None,
) -> None:
    """Note that ``code`` happened, about these usagers.

    ``acteur_id`` only where nobody is signed in yet (a sign-in, an invitation). ``details``: codes, ids and counts,
    never a name, a NIR or a content. Raises GenreInconnu.
    """
    genre(code)
