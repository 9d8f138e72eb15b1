"""``manage.py migrate`` would run every migration in every schema: it says what to run instead."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate


class Command(Migrate):
    help = "Remplacée par « amorcer » (réseau et modèle) puis « migrer_structures » (flotte)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        raise CommandError("Lancez « manage.py amorcer », puis « manage.py migrer_structures ».")
