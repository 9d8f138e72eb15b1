"""The worker's side of the network's works."""

from uuid import UUID

from celery import shared_task

from plateforme.demandes import services as demandes
from plateforme.identity import sessions
from plateforme.identity.services import annuaire
from plateforme.tasks.base import TacheDeReseau
from plateforme.tenancy.courant import Contexte
from tenants.contexte import pour_chaque_structure
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


def _purger(_contexte: Contexte) -> None:
    sessions.purger()


def _rappeler_les_demandes(_contexte: Contexte) -> None:
    demandes.rappeler()


def _verifier(_contexte: Contexte) -> None:
    annuaire.verifier_les_echus()


@shared_task(base=TacheDeReseau, name="tenants.purger_les_sessions")
def purger_les_sessions() -> None:
    """Rows of sessions that ended yesterday or before."""
    sessions.purger()
    pour_chaque_structure(_purger)


@shared_task(base=TacheDeReseau, name="tenants.rappeler_les_demandes")
def rappeler_les_demandes() -> None:
    """Requests of persons near their end, each told once."""
    pour_chaque_structure(_rappeler_les_demandes)


@shared_task(base=TacheDeReseau, name="tenants.verifier_les_rpps")
def verifier_les_rpps() -> None:
    """Numbers nobody has looked up for two years; where no directory is plugged in, they stay on the Équipe page."""
    pour_chaque_structure(_verifier)
