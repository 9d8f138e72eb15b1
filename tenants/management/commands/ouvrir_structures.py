"""``manage.py ouvrir_structures liste.csv``: a porteur's list, with a report by line."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plateforme.core.errors import ErreurMetier
from tenants.models import Grappe
from tenants.services import liste_csv, ouverture
from tenants.services.travaux import bilan


class Command(BaseCommand):
    help = "Ouvre les structures d’une liste CSV (raison sociale, FINESS ET, FINESS EJ, commune, profil)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--grappe", help="nom de la grappe à laquelle les structures adhèrent")
        parser.add_argument(
            "--appliquer", action="store_true", help="écrire ; sinon le fichier est seulement relu"
        )

    def handle(
        self, *_args: Any, fichier: Path, grappe: str | None, appliquer: bool, **_options: Any
    ) -> None:
        try:
            demandes = liste_csv.lire(fichier.read_bytes())
        except (OSError, ErreurMetier) as erreur:
            raise CommandError(str(erreur)) from erreur
        if not appliquer:
            self.stdout.write(f"{len(demandes)} structure(s) lue(s). Rien n’est écrit sans --appliquer.")
            return
        cible = None
        if grappe:
            cible = Grappe.objects.filter(nom=grappe).first()
            if cible is None:
                raise CommandError(f"Aucune grappe ne s’appelle « {grappe} ».")
        total = len(demandes)

        def avancer(resultat: ouverture.Resultat) -> None:
            if sys.stderr.isatty():
                self.stderr.write(f"\r{resultat.numero - 1}/{total}", ending="")

        resultats = ouverture.ouvrir_une_liste(demandes, grappe=cible, suivi=avancer)
        for resultat in resultats:
            if resultat.statut != "creee":
                self.stdout.write(f"ligne {resultat.numero} : {resultat.raison_sociale} : {resultat.motif}")
        comptes = {s: sum(r.statut == s for r in resultats) for s in ("creee", "deja_la", "refusee")}
        self.stdout.write(bilan(*comptes.values()))
        if comptes["refusee"]:
            raise CommandError(f"{comptes['refusee']} ligne(s) à corriger.")
