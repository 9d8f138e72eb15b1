"""``manage.py charger_demo``: the demonstration territory, made once, kept alive at each start."""

import json
import random
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from config.demo import (
    decor,
    deploiement,
    documents,
    equipe,
    mie,
    planning,
    projet,
    reprise,
    reseau,
    rgpd,
    vie,
)
from plateforme.identity.models import Compte
from tenants.contexte import epingler


class Command(BaseCommand):
    help = "Installe le territoire de démonstration et complète son planning autour d’aujourd’hui. Sans effet sur le reste."

    def handle(self, *_args: Any, **_options: Any) -> None:
        structures = reseau.installer()
        tregor = structures[0]
        projet.installer(structures)
        deploiement.installer(structures)
        with epingler(tregor), transaction.atomic():
            if not Compte.objects.filter(identifiant=decor.BUREAU[0][3]).exists():
                equipe.installer(random.Random(decor.GRAINE))  # noqa: S311 - a décor, not a secret
            soignants = equipe.donner_les_identifiants()
            ajoutees = planning.completer()
        with epingler(tregor):
            documents.completer()
            reprise.completer()
            vie.completer()
            rgpd.installer()
        for rang, structure in enumerate(structures):
            with epingler(structure):
                mie.completer(rang)
        deploiement.relever(tregor)
        self._ecrire("demo_psc.json", soignants)
        self._ecrire_les_acces()
        self.stdout.write(f"Démonstration prête : {ajoutees} visite(s) ajoutée(s).")

    def _ecrire_les_acces(self) -> None:
        """Addresses and sign-ins, for the launcher to print."""
        port = settings.TREILLE_PORT
        tregor = f"http://tregor.{settings.TREILLE_DOMAINE}:{port}/"
        reseau_ = f"http://{settings.TREILLE_DOMAINE}:{port}/"
        acces = [
            {"qui": "Nadège Corre, responsable de secteur", "url": tregor, "identifiant": "nadege"},
            {"qui": "Awa Diallo, auxiliaire (téléphone)", "url": f"{tregor}m/", "identifiant": "awa"},
            {"qui": "Solenn Kervella, infirmière coordinatrice", "url": tregor, "identifiant": "solenn"},
            {"qui": "Brigitte Le Floch, direction", "url": tregor, "identifiant": "brigitte"},
            {
                "qui": "Delphine Quéré, déléguée à la protection des données",
                "url": tregor,
                "identifiant": "delphine",
            },
            {"qui": "Paule Tréhiou, porteuse de la grappe", "url": reseau_, "identifiant": "porteur"},
            {"qui": "Denis Larvor, opérateur", "url": reseau_, "identifiant": "operateur"},
        ]
        for ligne in acces:
            ligne["mot_de_passe"] = decor.MOT_DE_PASSE
        self._ecrire("demo.json", acces)

    def _ecrire(self, nom: str, lignes: list[dict[str, str]]) -> None:
        fichier = Path(settings.TREILLE_DATA) / nom
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.write_text(json.dumps(lignes, ensure_ascii=False, indent=1), encoding="utf-8")
