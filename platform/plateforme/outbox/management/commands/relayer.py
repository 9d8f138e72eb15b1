"""``manage.py relayer``: the outbox relay, until SIGTERM."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from plateforme.outbox.relais import tourner


class Command(BaseCommand):
    help = "Relaie les messages des boîtes d’envoi jusqu’à l’arrêt (Ctrl-C ou SIGTERM)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        arret = threading.Event()
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_, lambda *_: arret.set())
        tourner(lambda: not arret.is_set())
