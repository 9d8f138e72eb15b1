"""What rights and the journal cost: the same pages with and without them; a long chain read again."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from unittest.mock import patch

from benchmarks.banc import Environnement, dire, mesurer, ouvrir_une_structure, p50

USAGERS, TOURS, LOTS = 200, 40, 10_000


def suite(_env: Environnement, *, grand: bool) -> None:
    structure = ouvrir_une_structure("Droits", 2)
    _pages(structure)
    _chaine(structure, 1_000_000 if grand else 100_000)


def _pages(structure) -> None:
    """Pages of a responsable over 200 dossiers: rows filtered by links and traced, against neither."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from dossier.models import Rattachement, Usager
    from plateforme.identity.models import Compte
    from tenants.contexte import epingler

    with epingler(structure):
        compte = Compte.objects.ouvrir(
            identifiant="banc", mot_de_passe=None, prenom="B", nom="Anc", role="responsable_secteur"
        )
        Rattachement.objects.create(compte=compte)
        for n in range(USAGERS):
            usager = Usager.objects.create(
                civilite="MME", nom_naissance=f"U{n}", prenoms="X", ne_le=date(1940, 1, 1), accompagne_depuis=date(2024, 1, 1)
            )  # fmt: skip
        client = Client(headers={"host": f"{structure.slug}.localhost"})
        client.force_login(compte, backend="plateforme.identity.backends.MotDePasse")
    for nom, adresse in (("liste", "/usagers"), ("dossier", f"/usagers/{usager.pk}")):
        avec, sans = [], []
        with epingler(structure):
            client.get(adresse)
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(adresse).status_code == 200
            faites = [q["sql"] for q in requetes.captured_queries]
            with _sans_droits_ni_journal(), CaptureQueriesContext(connection) as nues:
                assert client.get(adresse).status_code == 200
            nombre_nu = len(nues)
            for _ in range(4):  # in turns: the machine's moods fall on both
                avec += mesurer(lambda adresse=adresse: client.get(adresse), TOURS // 4)
                with _sans_droits_ni_journal():
                    sans += mesurer(lambda adresse=adresse: client.get(adresse), TOURS // 4)
        rapport = p50(avec) / p50(sans)
        ecrites = sum("treille_tracer" in q for q in faites)
        dire(
            f"{nom} : avec droits et journal / sans",
            f"× {rapport:.2f} ({p50(avec):.1f} / {p50(sans):.1f} ms)",
            but="≤ × 1,25",
            tenu=rapport <= 1.25,
        )
        dire(f"{nom} : requêtes du journal", str(ecrites), but="≤ 1", tenu=ecrites <= 1)
        dire(f"{nom} : requêtes SQL avec / sans", f"{len(faites)} / {nombre_nu}")


@contextmanager
def _sans_droits_ni_journal() -> Iterator[None]:
    """The same code, its links open and its journal silent."""
    from django.db.models import Q

    from dossier.queries import acces
    from plateforme.audit.middleware import Journal

    with ExitStack() as pile:
        vides = acces.Liens(True, (), (), (), (), ())
        pile.enter_context(patch.object(acces, "liens_de", lambda *_: vides))
        pile.enter_context(patch.object(acces, "_lies", lambda *_: Q()))
        pile.enter_context(patch.object(acces, "_sauf", lambda ouverts, _: ouverts))
        pile.enter_context(patch.object(Journal, "_tracer", lambda *_: None))
        yield


def _chaine(structure, lignes: int) -> None:
    from django.db import connection

    from plateforme.audit.verification import verifier
    from tenants.contexte import epingler

    tete = json.dumps(
        {"acteur": "", "role": "idec", "origine": "banc", "mode": "normal", "requete": "0" * 16}
    )
    lot = json.dumps(
        [
            {"genre": "dossier.usager.voir", "nature": "R", "mode": "normal", "details": {},
             "sujets": [f"00000000-0000-7000-8000-{n % 500:012d}"]}
            for n in range(LOTS)
        ]
    )  # fmt: skip
    with epingler(structure), connection.cursor() as curseur:
        debut = time.perf_counter()
        for _ in range(lignes // LOTS):
            curseur.execute("SELECT ext.treille_tracer(%s, %s)", [tete, lot])
        ecrit = time.perf_counter() - debut
        debut = time.perf_counter()
        verdict = verifier()
        lu = time.perf_counter() - debut
    assert verdict.intacte, verdict.anomalie
    dire("journal : lignes écrites par seconde, en lots", f"{lignes / ecrit:.0f}")
    par_million = lu * 1_000_000 / verdict.lignes
    dire(
        f"journal : chaîne de {verdict.lignes} lignes vérifiée, par million",
        f"{par_million:.0f} s",
        but="≤ 60 s",
        tenu=par_million <= 60,
    )
