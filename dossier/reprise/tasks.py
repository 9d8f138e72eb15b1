"""The worker's side: runs of one structure, and what must be looked at everywhere."""

from uuid import UUID

from celery import shared_task

from dossier.reprise.services import effacement, passages
from plateforme.tasks.base import TacheDeReseau, TacheDeStructure
from plateforme.tasks.remise import remettre
from plateforme.tenancy.courant import Contexte
from tenants.contexte import pour_chaque_structure


@shared_task(base=TacheDeStructure, name=passages.TACHE)
def executer(passage_id: str) -> None:
    passages.executer(UUID(passage_id))


def _relancer(_contexte: Contexte) -> None:
    for passage_id in passages.orphelins():
        remettre(passages.TACHE, str(passage_id))


def _purger(_contexte: Contexte) -> None:
    effacement.purger()


@shared_task(base=TacheDeReseau, name="reprise.relancer")
def relancer() -> None:
    """Runs whose worker died while nobody looks at their page."""
    pour_chaque_structure(_relancer)


@shared_task(base=TacheDeReseau, name="reprise.effacer")
def effacer() -> None:
    """Files past their term."""
    pour_chaque_structure(_purger)
