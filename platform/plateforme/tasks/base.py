"""Base tasks. The header is signed: a message forged or misrouted does not choose whose data it reads."""

from typing import Any
from uuid import UUID

from celery import Task
from django.core import signing
from django.db import close_old_connections

from plateforme.observability.contexte import trace, tracer
from plateforme.tenancy.courant import PUBLIC, Contexte, cle_courante, lier
from plateforme.tenancy.repertoire import repertoire

_EN_TETE = "treille_structure"
_SEL = "treille.tache"


class TacheSansStructure(RuntimeError):
    """The message does not say for which structure: refused, never run in public."""


class TacheDeStructure(Task):  # type: ignore[type-arg]
    """Runs inside the structure that was current when it was sent."""

    abstract = True
    acks_late = True

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        entetes = {
            **(options.pop("headers", None) or {}),
            _EN_TETE: signing.dumps(self._cle_a_signer(), salt=_SEL),
            "treille_correlation": trace().correlation,
        }
        return super().apply_async(args, kwargs, headers=entetes, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        contexte = self._contexte_du_message()
        close_old_connections()
        try:
            with lier(contexte), tracer(correlation=self._entete("treille_correlation")):
                return super().__call__(*args, **kwargs)
        finally:
            close_old_connections()

    def _cle_a_signer(self) -> str:
        return cle_courante()

    def _entete(self, nom: str) -> str:
        return (self.request.headers or {}).get(nom) or self.request.get(nom) or ""

    def _contexte_du_message(self) -> Contexte:
        signe = self._entete(_EN_TETE)
        if not signe:
            raise TacheSansStructure(self.name)
        cle: str = signing.loads(signe, salt=_SEL)
        if cle == PUBLIC.schema:
            raise TacheSansStructure(f"{self.name} : une tâche de structure ne s’exécute pas dans public")
        with lier(PUBLIC):
            contexte = repertoire().par_id(UUID(cle))
        if contexte is None:
            raise TacheSansStructure(f"{self.name} : structure inconnue ou fermée")
        return contexte


class TacheDeReseau(TacheDeStructure):
    """A job of the network itself (provisioning, fleet): runs in public, and only there."""

    abstract = True

    def _cle_a_signer(self) -> str:
        return PUBLIC.schema

    def _contexte_du_message(self) -> Contexte:
        signe = self._entete(_EN_TETE)
        if not signe or signing.loads(signe, salt=_SEL) != PUBLIC.schema:
            raise TacheSansStructure(self.name)
        return PUBLIC
