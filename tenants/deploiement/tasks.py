"""Periodic work of the deployments: facts read again, reminders sent."""

from celery import shared_task

from plateforme.tasks.base import TacheDeReseau
from plateforme.tenancy.courant import Contexte
from tenants.contexte import pour_chaque_structure
from tenants.deploiement.services import rappels, releves


def _relever(_contexte: Contexte) -> None:
    releves.relever()


def _rappeler(_contexte: Contexte) -> None:
    rappels.rappeler_a_la_structure()


@shared_task(base=TacheDeReseau, name="deploiement.relever")
def relever() -> None:
    """What no message told: a due date that went by, a certificate that ended in the night."""
    pour_chaque_structure(_relever)


@shared_task(base=TacheDeReseau, name="deploiement.rappeler")
def rappeler() -> None:
    pour_chaque_structure(_rappeler)
    rappels.rappeler_aux_porteurs()
