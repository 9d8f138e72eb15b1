"""Base of every table: rows and querysets remember the schema they were born in."""

from typing import Any, TypeVar

from django.db import models
from django.db.models.query import QuerySet

from plateforme.tenancy.courant import VARIABLE, AutreStructure, courant


def _schema_courant() -> str | None:
    contexte = courant()
    return contexte.schema if contexte else None


M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class QuerySetDeStructure(QuerySet[M_co]):
    """A queryset that may only be evaluated where it was built (architecture §10.A.2)."""

    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        super().__init__(model=model, query=query, using=using, hints=hints)
        if getattr(self.query, "schema_de_naissance", None) is None:
            self.query.schema_de_naissance = _schema_courant()  # type: ignore[attr-defined]
        self._naitre_avec(hints or {})

    def _add_hints(self, **hints: Any) -> None:
        super()._add_hints(**hints)  # type: ignore[misc]
        self._naitre_avec(hints)

    def _naitre_avec(self, hints: dict[str, Any]) -> None:
        """A relation followed from an object belongs where the object was read."""
        ne_dans = getattr(getattr(hints.get("instance"), "_state", None), "schema", None)
        if ne_dans is not None:
            self.query.schema_de_naissance = ne_dans  # type: ignore[attr-defined]


class ModeleDeStructure(models.Model):
    """A row of one structure. Saving it elsewhere is refused: with ids alone it would overwrite the neighbour's."""

    objects = models.Manager.from_queryset(QuerySetDeStructure)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **autres: Any) -> Any:
        instance = super().from_db(db, field_names, values, **autres)
        contexte = VARIABLE.get()  # once per row read: no call in between
        instance._state.schema = contexte.schema if contexte else None  # type: ignore[attr-defined]
        return instance

    def _exiger_ma_structure(self) -> None:
        ne_dans = getattr(self._state, "schema", None)
        if ne_dans is not None and ne_dans != _schema_courant():
            raise AutreStructure(ne_dans, _schema_courant())

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._exiger_ma_structure()
        super().save(*args, **kwargs)
        self._state.schema = _schema_courant()  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._exiger_ma_structure()
        return super().delete(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self._exiger_ma_structure()
        super().refresh_from_db(*args, **kwargs)
