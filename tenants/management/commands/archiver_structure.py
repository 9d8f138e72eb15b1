"""``manage.py archiver_structure SLUG`` and its return, ``--restaurer CLE``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plateforme.core.errors import ErreurMetier
from tenants.models import Structure
from tenants.services import archive


class Command(BaseCommand):
    help = "Archive une structure dans le stockage, ou restaure une archive dans un schéma neuf."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--restaurer", metavar="CLE")

    def handle(self, *_args: Any, slug: str, restaurer: str | None, **_options: Any) -> None:
        structure = Structure.objects.filter(slug=slug).first()
        if structure is None:
            raise CommandError(f"Aucune structure n’a le sous-domaine « {slug} ».")
        try:
            if restaurer:
                archive.restaurer(structure, restaurer)
                self.stdout.write(f"{structure} est restaurée.")
            else:
                self.stdout.write(archive.archiver(structure))
        except ErreurMetier as erreur:
            raise CommandError(erreur.message) from erreur
