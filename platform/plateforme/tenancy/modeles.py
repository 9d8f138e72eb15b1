"""Base of every table: rows and querysets remember the schema they were born in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

from django.db import connection, models, transaction
from django.db.models.query import QuerySet

from plateforme.audit.lectures import LUS, ecrit
from plateforme.tenancy import masque as masques
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

    # -- writes that go past ``save``: the journal hears of them too ----------------------------
    def _exiger_d_ecrire(self) -> None:
        if getattr(self.model, "masque", True):
            masques.exiger_le_droit_d_ecrire()

    def _sujets(self) -> list[Any]:
        champ = getattr(self.model, "champ_sujet", None)
        return list(self.order_by().values_list(champ, flat=True).distinct()) if champ else []

    def update(self, **champs: Any) -> int:
        self._exiger_d_ecrire()
        sujets = self._sujets()
        with _dans_une_transaction(bool(sujets)):
            lignes = super().update(**champs)
            if sujets:
                ecrit(self.model, "U", sujets)
        return lignes

    def delete(self) -> tuple[int, dict[str, int]]:
        self._exiger_d_ecrire()
        sujets = self._sujets()
        with _dans_une_transaction(bool(sujets)):
            faits = super().delete()
            if sujets:
                ecrit(self.model, "D", sujets)
        return faits

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        self._exiger_d_ecrire()
        champ = getattr(self.model, "champ_sujet", None)
        with _dans_une_transaction(champ is not None):
            crees = super().bulk_create(objs, *args, **kwargs)
            if champ is not None and crees:
                ecrit(self.model, "C", {getattr(ligne, champ) for ligne in crees})
        return crees


@contextmanager
def _dans_une_transaction(voulue: bool) -> Iterator[None]:  # noqa: FBT001 - private, one meaning
    """The trace goes with the change: in one transaction, the caller's when there is one."""
    if not voulue or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield


class ModeleDeStructure(models.Model):
    """A row of one structure. Saving it elsewhere is refused: with ids alone it would overwrite the neighbour's."""

    # Attribute that names the usager this row tells of: reading or writing such a row leaves a trace.
    champ_sujet: ClassVar[str | None] = None
    # Through the mask of a support session (see ``tenancy.masque``): texts are blinded but those named harmless, and
    # what is named besides. ``masque`` False: machinery that shows nothing, and must stay readable to work.
    champs_clairs: ClassVar[frozenset[str]] = frozenset()
    champs_masques: ClassVar[tuple[str, ...]] = ()
    masque: ClassVar[bool] = True

    objects = models.Manager.from_queryset(QuerySetDeStructure)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **autres: Any) -> Any:
        instance = super().from_db(db, field_names, values, **autres)
        contexte = VARIABLE.get()  # once per row read: no call in between
        instance._state.schema = contexte.schema if contexte else None  # type: ignore[attr-defined]
        if cls.champ_sujet is not None and (lus := LUS.get()) is not None:
            sujet = instance.__dict__.get(cls.champ_sujet)
            if sujet is not None:
                lus.add(sujet)
        if masques.MASQUE.get() and contexte is not None and contexte.est_une_structure:
            masques.appliquer(instance)
        return instance

    def _exiger_ma_structure(self) -> None:
        ne_dans = getattr(self._state, "schema", None)
        if ne_dans is not None and ne_dans != _schema_courant():
            raise AutreStructure(ne_dans, _schema_courant())

    def _exiger_d_ecrire(self) -> None:
        if type(self).masque:
            masques.exiger_le_droit_d_ecrire()
        self._exiger_ma_structure()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._exiger_d_ecrire()
        suivi = type(self).champ_sujet
        nature = "C" if self._state.adding else "U"
        with _dans_une_transaction(suivi is not None):
            super().save(*args, **kwargs)
            if suivi is not None:
                ecrit(type(self), nature, [getattr(self, suivi)])
        self._state.schema = _schema_courant()  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._exiger_d_ecrire()
        suivi = type(self).champ_sujet
        sujet = getattr(self, suivi) if suivi is not None else None
        with _dans_une_transaction(suivi is not None):
            faits = super().delete(*args, **kwargs)
            if sujet is not None:
                ecrit(type(self), "D", [sujet])
        return faits

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self._exiger_ma_structure()
        super().refresh_from_db(*args, **kwargs)
