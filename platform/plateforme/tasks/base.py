"""Base tasks. The header is signed: a message forged or misrouted does not choose whose data it reads."""

from typing import Any
from uuid import UUID

from celery import Task
from django.core import signing
from django.db import close_old_connections

from plateforme.audit.journal import acte
from plateforme.observability.contexte import trace, tracer
from plateforme.tenancy.courant import PUBLIC, Contexte, courant, lier
from plateforme.tenancy.repertoire import repertoire

_EN_TETE = "treille_structure"
_CORRELATION = "treille_correlation"
_SEL = "treille.tache"


class TacheSansStructure(RuntimeError):
    """The message does not say for which structure, or may not: refused, never run in public."""


class TacheDeStructure(Task):  # type: ignore[type-arg]
    """Runs inside the structure that was current when it was sent.

    A task is only a call: what must not be lost is in the outbox. While a structure is suspended its tasks are refused.
    """

    abstract = True
    acks_late = True

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:  # type: ignore[override]
        entetes = {
            **(options.pop("headers", None) or {}),
            # The task's name is signed too: the header of one call does not open another.
            _EN_TETE: signing.dumps([self.name, self._cle_a_signer()], salt=_SEL),
            _CORRELATION: trace().correlation,
        }
        return super().apply_async(args, kwargs, headers=entetes, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        # Run on the spot (``apply``), the task shares its caller's connection and transaction.
        eager = self.request.is_eager
        if not eager:
            close_old_connections()
        try:
            with (
                lier(self._contexte_du_message()),
                tracer(correlation=self._entete(_CORRELATION)),
                acte(f"tache:{self.name}"[:60]),
            ):
                return super().__call__(*args, **kwargs)
        finally:
            if not eager:
                close_old_connections()

    def _cle_a_signer(self) -> str:
        contexte = courant()
        if contexte is None or contexte.structure_id is None:
            raise TacheSansStructure(f"{self.name} : une tâche de structure ne s’envoie pas depuis public")
        return str(contexte.structure_id)

    def _entete(self, nom: str) -> str:
        return (self.request.headers or {}).get(nom) or self.request.get(nom) or ""

    def _cle_signee(self) -> str:
        try:
            tache, cle = signing.loads(self._entete(_EN_TETE), salt=_SEL)
        except (signing.BadSignature, ValueError, TypeError) as erreur:
            raise TacheSansStructure(f"{self.name} : en-tête absent ou non signé") from erreur
        if tache != self.name:
            raise TacheSansStructure(f"{self.name} : en-tête d’une autre tâche")
        return str(cle)

    def _contexte_du_message(self) -> Contexte:
        cle = self._cle_signee()
        if cle == PUBLIC.schema:
            raise TacheSansStructure(f"{self.name} : une tâche de structure ne s’exécute pas dans public")
        with lier(PUBLIC):
            contexte = repertoire().par_id(UUID(cle))
        if contexte is None or contexte.etat != "active":
            raise TacheSansStructure(f"{self.name} : structure inconnue, suspendue ou fermée")
        return contexte


class TacheDeReseau(TacheDeStructure):
    """A job of the network itself (provisioning, fleet): sent from public, runs in public, and only there."""

    abstract = True

    def _cle_a_signer(self) -> str:
        contexte = courant()
        if contexte is not None and contexte.est_une_structure:
            raise TacheSansStructure(
                f"{self.name} : une tâche du réseau ne s’envoie pas depuis une structure"
            )
        return PUBLIC.schema

    def _contexte_du_message(self) -> Contexte:
        if self._cle_signee() != PUBLIC.schema:
            raise TacheSansStructure(f"{self.name} : une tâche du réseau ne s’exécute que dans public")
        return PUBLIC
