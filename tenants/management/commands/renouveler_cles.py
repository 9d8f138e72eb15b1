"""``manage.py renouveler_cles SLUG|--toutes|--reseau``: new data key, new master key, reseal. Dry unless --appliquer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plateforme.chiffrement import destructions
from plateforme.chiffrement.fournisseurs import fournisseur
from plateforme.chiffrement.rescellement import resceller_tout
from plateforme.chiffrement.sujets import rejouer_les_destructions
from plateforme.chiffrement.trousseau import DONNEES, Trousseau, trousseau_courant
from plateforme.core.errors import ErreurMetier
from tenants import repertoire
from tenants.contexte import en_public, epingler
from tenants.models import Structure


class Command(BaseCommand):
    help = (
        "Renouvelle les clés\u00a0: --donnees (nouvelle clé de données), --maitresse (nouvelle clé maîtresse, sans toucher "
        "aux données), --resceller (reprend par lots ce qu’une clé retirée a scellé). --rejouer-destructions, après une "
        "restauration, détruit de nouveau ce qui l’avait été. Sans --appliquer, rien n’est écrit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?")
        parser.add_argument("--toutes", action="store_true")
        parser.add_argument("--reseau", action="store_true")
        parser.add_argument("--donnees", action="store_true")
        parser.add_argument("--maitresse", action="store_true")
        parser.add_argument("--resceller", action="store_true")
        parser.add_argument("--rejouer-destructions", action="store_true")
        parser.add_argument("--lot", type=int, default=500)
        parser.add_argument("--appliquer", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not any(options[acte] for acte in ("donnees", "maitresse", "resceller", "rejouer_destructions")):
            raise CommandError(
                "Dites quoi faire : --donnees, --maitresse, --resceller ou --rejouer-destructions."
            )
        echecs = 0
        if options["rejouer_destructions"] and options["appliquer"]:
            self.stdout.write(
                f"réseau : {destructions.rejouer()} clé(s) maîtresse(s) détruite(s) de nouveau."
            )
        for nom, porte in self._cibles(options):
            with porte:
                try:
                    self._traiter(nom, trousseau_courant(), options)
                except ErreurMetier as erreur:
                    echecs += 1
                    self.stderr.write(f"{nom} : {erreur.message}")
        if not options["appliquer"]:
            self.stdout.write("Rien n’est écrit sans --appliquer.")
        if echecs:
            raise CommandError(f"{echecs} structure(s) en échec.")

    def _cibles(self, options: dict[str, Any]) -> list[tuple[str, Any]]:
        if options["reseau"]:
            return [("réseau", en_public())]
        if options["toutes"]:
            return [(contexte.slug, epingler(contexte)) for contexte in repertoire.actives()]
        structure = Structure.objects.filter(slug=options["slug"] or "").first()
        if structure is None:
            raise CommandError(f"Aucune structure n’a le sous-domaine « {options['slug'] or ''} ».")
        return [(structure.slug, epingler(structure))]

    def _traiter(self, nom: str, trousseau: Trousseau, options: dict[str, Any]) -> None:
        cles = trousseau.lignes().count()
        if not options["appliquer"]:
            self.stdout.write(f"{nom} : {cles} clé(s) à renouveler.")
            return
        if options["maitresse"]:
            reference = fournisseur().creer(trousseau.proprietaire, nouvelle=True)
            self.stdout.write(f"{nom} : {trousseau.reemballer(reference)} clé(s) emballée(s) de nouveau.")
        if options["donnees"]:
            self.stdout.write(f"{nom} : clé de données v{trousseau.nouvelle_version(DONNEES).version}.")
        if trousseau.reseau:
            return
        if options["resceller"]:
            for genre, combien in resceller_tout(lot=options["lot"]).items():
                self.stdout.write(f"{nom} : {combien} ligne(s) de {genre} scellée(s) de nouveau.")
        if options["rejouer_destructions"]:
            self.stdout.write(f"{nom} : {rejouer_les_destructions()} clé(s) d’usager détruite(s) de nouveau.")
