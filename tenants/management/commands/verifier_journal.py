"""``manage.py verifier_journal``: reads the journals again and names the first line that is not what was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plateforme.audit.verification import Verdict, verifier
from tenants import repertoire
from tenants.contexte import en_public, epingler


class Command(BaseCommand):
    help = "Vérifie la chaîne du journal des accès de chaque structure, et de celui du réseau."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--structure", help="slug d’une seule structure")

    def handle(self, *_args: Any, structure: str | None = None, **_options: Any) -> None:
        rompues = 0
        cibles = [c for c in repertoire.actives() if structure in (None, c.slug)]
        if structure and not cibles:
            raise CommandError(f"Aucune structure active ne s’appelle « {structure} ».")
        for contexte in cibles:
            with epingler(contexte):
                rompues += self._dire(contexte.slug, verifier())
        if structure is None:
            with en_public():
                rompues += self._dire("réseau", verifier())
        if rompues:
            raise CommandError(f"{rompues} journal(aux) altéré(s).")

    def _dire(self, qui: str, verdict: Verdict) -> int:
        if verdict.intacte:
            self.stdout.write(f"{qui} : {verdict.lignes} trace(s), chaîne intacte.")
            return 0
        self.stderr.write(f"{qui} : {verdict.anomalie}")
        return 1
