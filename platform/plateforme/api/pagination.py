"""Cursor pagination: stable while rows arrive, one query whatever the page."""

from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from ninja import Schema

T = TypeVar("T")
TAILLE_MAX = 200


class Page(Schema, Generic[T]):
    """``suivant`` is the ``apres`` of the next page, or null at the end."""

    elements: list[T]
    suivant: UUID | None = None


def paginer(lignes: "QuerySet[Any]", *, apres: UUID | None, taille: int) -> tuple[list[Any], UUID | None]:
    """Newest first by UUIDv7. Returns the page and the cursor of the next one."""
    taille = max(1, min(taille, TAILLE_MAX))
    lignes = lignes.order_by("-id")
    if apres is not None:
        lignes = lignes.filter(id__lt=apres)
    page = list(lignes[: taille + 1])
    suite = page[taille - 1].id if len(page) > taille else None
    return page[:taille], suite
