"""The worker's side of the outbox."""

from uuid import UUID

from celery import shared_task

from plateforme.outbox import services
from plateforme.tasks.base import TacheDeReseau, TacheDeStructure


@shared_task(base=TacheDeStructure, name="plateforme.outbox.livrer")
def livrer(message_id: str) -> None:
    """Deliver one message; what fails stays in the outbox with its reason, so nothing is retried here."""
    services.livrer(UUID(message_id))


@shared_task(base=TacheDeReseau, name="plateforme.outbox.livrer_au_reseau")
def livrer_au_reseau(message_id: str) -> None:
    """The same for the network's own messages."""
    services.livrer(UUID(message_id))


@shared_task(base=TacheDeReseau, name="plateforme.outbox.purger")
def purger() -> None:
    """Once a day: structures forget delivered messages and stored answers."""
    from plateforme.outbox import relais

    relais.purger()
