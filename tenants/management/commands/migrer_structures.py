"""``manage.py migrer_structures``: replay the missing steps in every schema that is behind."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.queries import rang_courant
from tenants.services import flotte


class Command(BaseCommand):
    help = "Amène chaque structure au rang du modèle, par vagues ; reprend où un arrêt l’a laissée."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ouvriers", type=int, default=2)
        parser.add_argument("--verifier", action="store_true", help="dire seulement qui est en retard")

    def handle(self, *_args: Any, ouvriers: int, verifier: bool, **_options: Any) -> None:
        debut = time.perf_counter()
        if verifier:
            retard = flotte.en_retard()
            self.stdout.write(f"{len(retard)} schéma(s) en retard sur le rang {rang_courant()}.")
            if retard:
                raise CommandError("La flotte n’est pas à jour.")
            return
        resultats = flotte.migrer(ouvriers=ouvriers)
        echecs = [r for r in resultats if not r.reussi]
        for echec in echecs:
            self.stderr.write(f"{echec.schema} reste au rang {echec.rang} : {echec.erreur}")
        self.stdout.write(
            f"{len(resultats) - len(echecs)} schéma(s) à jour, {len(echecs)} en échec, {time.perf_counter() - debut:.2f} s."
        )
        if echecs:
            raise CommandError(
                f"{len(echecs)} schéma(s) en échec ; les vagues suivantes n’ont pas été lancées."
            )
