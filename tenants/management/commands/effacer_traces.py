"""``manage.py effacer_traces [--structure SLUG]``: content of traces past their term. Dry unless --appliquer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plateforme.tenancy.courant import Contexte
from tenants import repertoire
from tenants.contexte import en_public, epingler
from tenants.services import conservation


class Command(BaseCommand):
    help = (
        "Vide les traces arrivées au terme de leur conservation\u00a0; leur numéro, leur date et leurs empreintes restent, "
        "et la chaîne se vérifie toujours. Sans --appliquer, rien n’est écrit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--structure", help="slug d’une seule structure")
        parser.add_argument("--appliquer", action="store_true")

    def handle(
        self, *_args: Any, structure: str | None = None, appliquer: bool = False, **_options: Any
    ) -> None:
        cibles: list[Contexte] = [c for c in repertoire.actives() if structure in (None, c.slug)]
        if structure and not cibles:
            raise CommandError(f"Aucune structure active ne s’appelle « {structure} ».")
        for contexte in cibles:
            with epingler(contexte):
                self._traiter(contexte.slug, appliquer=appliquer)
        if structure is None:
            with en_public():
                self._traiter("réseau", appliquer=appliquer)
        if not appliquer:
            self.stdout.write("Rien n’est écrit sans --appliquer.")

    def _traiter(self, qui: str, *, appliquer: bool) -> None:
        trouve = conservation.chercher()
        for phrase in conservation.phrases(trouve):
            self.stdout.write(f"{qui} : {phrase}.")
        if appliquer:
            self.stdout.write(f"{qui} : {conservation.effacer(trouve)} trace(s) vidée(s).")
