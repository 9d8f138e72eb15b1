"""The Celery application; the table of periodic tasks is in ``schedule``."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from celery import Celery
from celery.signals import worker_init

from config.schedule import PERIODIQUES

app = Celery("treille")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = PERIODIQUES
app.autodiscover_tasks()


@worker_init.connect
def _exiger_la_production(**_autres: Any) -> None:
    """A worker reads sealed data as the web does: it refuses to start for the same reasons."""
    from django.conf import settings

    if settings.EXIGER_AU_DEMARRAGE:
        from plateforme.web.controles import exiger

        exiger()
