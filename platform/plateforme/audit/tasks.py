"""Periodic work of the journal."""

import logging

from celery import shared_task

from plateforme.audit.points import sceller
from plateforme.tasks.base import TacheDeReseau
from plateforme.tenancy.courant import lier
from plateforme.tenancy.repertoire import repertoire

logger = logging.getLogger(__name__)


@shared_task(base=TacheDeReseau, name="plateforme.audit.sceller")
def sceller_les_journaux() -> None:
    """Once an hour: the head of every journal is sealed; a structure that fails does not stop the others."""
    sceller()
    for contexte in repertoire().actives():
        try:
            with lier(contexte):
                sceller()
        except Exception as erreur:
            logger.exception("journal non scellé", extra={"code": type(erreur).__name__})
