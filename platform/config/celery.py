"""The Celery application; the table of periodic tasks is in ``schedule``."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from celery import Celery

from config.schedule import PERIODIQUES

app = Celery("treille")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = PERIODIQUES
app.autodiscover_tasks()
