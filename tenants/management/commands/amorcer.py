"""``manage.py amorcer``: make the database ready, or bring it up to date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tenants.services.amorcage import amorcer


class Command(BaseCommand):
    help = (
        "Prépare la base (rôles, schémas, tables du réseau, modèle, réserve). Sans effet si tout est à jour."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reserve", type=int, default=0, help="schémas vides à garder d’avance")

    def handle(self, *_args: Any, reserve: int, **_options: Any) -> None:
        bilan = amorcer(reserve=reserve)
        self.stdout.write(
            f"Rang {bilan['rang']}, {bilan['etapes']} étape(s) ajoutée(s), {bilan['reserve']} schéma(s) préparé(s)."
        )
