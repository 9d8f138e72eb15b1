"""``manage.py verifier_structures``: is each schema what its rank says?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.services import flotte


class Command(BaseCommand):
    help = "Compare le catalogue de chaque structure à celui du modèle (dérive)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        ecarts = flotte.derives()
        for schema in ecarts:
            self.stderr.write(f"{schema} : le catalogue diffère du modèle.")
        self.stdout.write(f"{len(ecarts)} schéma(s) en écart.")
        if ecarts:
            raise CommandError("Des schémas ont été modifiés à la main.")
