"""The worker's side of the network's works."""

from uuid import UUID

from celery import shared_task

from plateforme.tasks.base import TacheDeReseau
from tenants.services import estampille, travaux

RESERVE = 20


@shared_task(base=TacheDeReseau, name="tenants.executer")
def executer(travail_id: str) -> None:
    travaux.executer(UUID(travail_id))


@shared_task(base=TacheDeReseau, name="tenants.relancer_les_travaux")
def relancer_les_travaux() -> None:
    for travail_id in travaux.orphelins():
        executer.apply_async([str(travail_id)], retry=False)


@shared_task(base=TacheDeReseau, name="tenants.remplir_la_reserve")
def remplir_la_reserve() -> None:
    estampille.remplir_la_reserve(RESERVE)
