"""Hand a task over by its name: services ring the bell without knowing the room where tasks are written."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def remettre(tache: str, *arguments: str) -> bool:
    """Send ``tache`` to the workers, with the header of its base class. False when the broker cannot be reached."""
    try:
        if tache not in current_app.tasks:
            current_app.loader.import_default_modules()  # a web process has no reason to have read them all
        current_app.tasks[tache].apply_async(arguments, retry=False)
    except (OperationalError, OSError):
        logger.warning("file de tâches injoignable", extra={"tache": tache})
        return False
    return True
