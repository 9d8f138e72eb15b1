"""The worker's side: what time does to certificates and cards."""

from celery import shared_task

from plateforme.tasks.base import TacheDeReseau
from plateforme.tenancy.courant import Contexte
from socles.mie.services import veille
from tenants.contexte import pour_chaque_structure


def _veiller(_contexte: Contexte) -> None:
    veille.veiller()


@shared_task(base=TacheDeReseau, name="mie.veiller")
def veiller() -> None:
    """States, revocations, overlaps and reminders, in every structure."""
    pour_chaque_structure(_veiller)
