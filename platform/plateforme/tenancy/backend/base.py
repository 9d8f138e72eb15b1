"""PostgreSQL backend that applies the bound structure: one message, only when it changed, forgotten on every exit.

What django-tenants does and this does not: a stack of tenants on a class, a ``SET search_path`` per cursor, public behind
every tenant, a list of tables that reads the whole catalogue. What it adds: the role travels with the path, an unbound
thread is refused, a connection that has seen many schemas is recycled.
"""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from django.conf import settings
from django.db.backends.postgresql.base import DatabaseWrapper as Postgres
from django_tenants.postgresql_backend.base import DatabaseWrapper as DjangoTenants
from psycopg.pq import TransactionStatus

from plateforme.tenancy.backend.introspection import Introspection
from plateforme.tenancy.backend.operations import Operations
from plateforme.tenancy.courant import AucuneStructure, courant, epingle

# Who writes what waits for COMMIT: set by ``plateforme.audit``, which stands above this engine.
ecrivain: Callable[[Sequence[Any]], None] | None = None

_CHEMIN_COMMUN = {"public": "public, ref, ext", "ref": "ref, ext"}


def ordre_de_liaison(schema: str, role: str | None) -> str:
    """One message that puts a schema in front and takes a role. Names are checked by the directory (``t_<base32>``)."""
    chemin = _CHEMIN_COMMUN.get(schema) or f'"{schema}", ref, ext'
    return f"SET search_path TO {chemin}; SET ROLE {f'{chr(34)}{role}{chr(34)}' if role else 'NONE'}"


class DatabaseWrapper(DjangoTenants):
    """Connection bound to ``plateforme.tenancy.courant``."""

    ops_class = Operations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Past django-tenants' own __init__: it would bind the connection to public for ever.
        Postgres.__init__(self, *args, **kwargs)
        self.introspection = Introspection(self)  # type: ignore[assignment]
        self._sur_serveur: tuple[str, str | None] | None = None
        self._schemas_vus: set[str] = set()
        self.changements = 0  # messages sent, for the benchmarks
        # Notes to write in the transaction they tell of, each with the savepoints it depends on.
        self._notes: list[tuple[frozenset[str], Any]] = []

    # -- what django-tenants reads ------------------------------------------------------------
    @property
    def schema_name(self) -> str | None:  # type: ignore[override]
        contexte = courant()
        return contexte.schema if contexte else None

    @property
    def tenant(self) -> Any:  # type: ignore[override]
        return courant()

    def set_tenant(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("Une connexion ne choisit pas sa structure : passez par tenants.contexte.")

    set_schema = set_schema_to_public = set_tenant

    # -- what we do ---------------------------------------------------------------------------
    def _cursor(self, name: str | None = None) -> Any:
        curseur: Any = Postgres._cursor(self, name)  # type: ignore[attr-defined]
        contexte = courant()
        if contexte is None:
            raise AucuneStructure
        pin = epingle()
        voulu = (contexte.schema, pin.role if pin else None)
        if voulu != self._sur_serveur:
            self._appliquer(voulu)
        return curseur

    def _appliquer(self, voulu: tuple[str, str | None]) -> None:
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # only a rollback can follow, and it forgets the state
        # Unset first: if the message fails midway the next cursor sends it again.
        self._sur_serveur = None
        if self.alias == "ddl":
            voulu = (voulu[0], None)  # the owner acts in its own name
        with self.wrap_database_errors:
            self.connection.execute(ordre_de_liaison(*voulu))
        self._sur_serveur = voulu
        self._schemas_vus.add(voulu[0])
        self.changements += 1

    def oublier(self) -> None:
        """Trust nothing about the server's state: the next cursor says it again."""
        self._sur_serveur = None

    # -- what is written just before COMMIT -----------------------------------------------------
    def avant_le_commit(self, note: Any) -> None:
        """Keep ``note`` for the end of this transaction; it goes with the savepoint it was taken in."""
        self._notes.append((frozenset(sid for sid in self.savepoint_ids if sid), note))

    def ecrire_avant_commit(self) -> None:
        """Hand the waiting notes to their writer, in this transaction."""
        if self._notes and ecrivain is not None:
            notes, self._notes = [note for _, note in self._notes], []
            ecrivain(notes)

    def _commit(self) -> None:
        if self._notes and self.connection is not None:
            self.ecrire_avant_commit()
        Postgres._commit(self)  # type: ignore[attr-defined]

    def connect(self) -> None:
        self.oublier()
        self._notes = []
        self._schemas_vus = set()
        Postgres.connect(self)

    def close(self) -> None:
        self.oublier()
        Postgres.close(self)

    def rollback(self) -> None:
        # A session SET is transactional: the rollback undoes it on the server.
        self.oublier()
        self._notes = []
        Postgres.rollback(self)

    def savepoint_rollback(self, sid: str) -> None:
        try:
            Postgres.savepoint_rollback(self, sid)
        finally:
            self.oublier()
            self._notes = [(sids, note) for sids, note in self._notes if sid not in sids]

    def close_if_unusable_or_obsolete(self) -> None:
        """End of request: also give back the memory of a connection that visited many schemas."""
        if len(self._schemas_vus) > settings.TENANCY_SCHEMAS_PAR_CONNEXION and not self.in_atomic_block:
            self.close()
        Postgres.close_if_unusable_or_obsolete(self)
