"""A worker killed in the middle: another goes on, nobody is there twice; nobody takes a run that is alive."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.lanceur.postgres import GrappePostgres
from dossier.models import Usager
from dossier.reprise import tasks
from dossier.reprise.models import EtatReprise, Ligne, Passage, ReferenceExterne, Reprise
from dossier.reprise.services import depot, integration, passages
from plateforme.core.clock import now
from plateforme.tenancy.courant import Contexte
from tenants.contexte import epingler
from tenants.models import Structure
from tests.plateforme.test_taches import entete
from tests.reprise.fabrique import csv, deposer, essayer, finir, lignes_usagers
from tests.support.monde import Monde, compte
from tests.support.produit import attendre

RACINE = Path(__file__).resolve().parents[2]
NOMBRE = 1_200


@pytest.fixture
def sujet(base_a_part: str) -> Any:
    lignes = (";".join(str(c) for c in ligne[:7]) for ligne in lignes_usagers(NOMBRE))
    with epingler(Structure.objects.get(slug="alpha")):
        yield deposer(csv("Code;Civ.;Usage;Nom;Prénom;Né le;Entrée", *lignes))


def _tuer_au_milieu(serveurs: GrappePostgres, base: str, passage: Passage) -> int:
    """Start a worker, kill it once it has done a part. How much it had said it did."""
    environnement = {
        **os.environ,
        "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'platform'}",
        "DATABASE_URL": serveurs.url("treille_app", base),
        "DATABASE_DDL_URL": serveurs.url("treille_ddl", base),
        "REDIS_URL": settings.REDIS_URL,
        "TREILLE_DATA": str(settings.TREILLE_DATA),
        "TREILLE_CLES_DOSSIER": settings.CLES_DOSSIER,
        "TREILLE_SECRET_KEY": settings.SECRET_KEY,
    }
    enfant = subprocess.Popen(
        [sys.executable, "-m", "tests.reprise.travailleur", "alpha", str(passage.pk)],
        cwd=RACINE,
        env=environnement,
    )

    def fait() -> int:
        assert enfant.poll() is None, "le travailleur a fini trop tôt"
        return Passage.objects.values_list("fait", flat=True).get(pk=passage.pk)

    try:
        attendre(lambda: fait() >= 200, "un premier lot", 60)
    finally:
        enfant.kill()
        enfant.wait(10)
    return Passage.objects.values_list("fait", flat=True).get(pk=passage.pk)


@pytest.mark.panne
@pytest.mark.timeout(240)
def test_un_travailleur_tue_se_reprend_sans_doubler(
    serveurs: GrappePostgres, base_a_part: str, sujet: Reprise
) -> None:
    alice = compte("alice")
    choix = {rang: champ for champ, rang in sujet.colonnes.items()}
    essai = depot.regler(alice, sujet.pk, choix=choix, options=sujet.options)
    fait = _tuer_au_milieu(serveurs, base_a_part, essai)
    assert 200 <= fait < NOMBRE
    assert Ligne.objects.count() == fait

    # Alive until it has been silent for a minute: nobody else takes it.
    passages.executer(essai.pk)
    assert Ligne.objects.count() == fait
    Passage.objects.filter(pk=essai.pk).update(battement=now() - timedelta(seconds=61))
    assert passages.orphelins() == [essai.pk]
    assert finir(essai, sujet).message == f"{NOMBRE} lignes prêtes, 0 doublon à décider, 0 ligne refusée."

    passage = integration.importer(alice, sujet.pk)
    fait = _tuer_au_milieu(serveurs, base_a_part, passage)
    assert 200 <= fait < NOMBRE
    assert Usager.objects.count() == fait
    Passage.objects.filter(pk=passage.pk).update(battement=now() - timedelta(seconds=61))

    fin = finir(passage, sujet)

    assert (fin.etat, fin.fait, sujet.etat) == ("fini", NOMBRE, EtatReprise.IMPORTEE)
    assert Usager.objects.count() == ReferenceExterne.objects.count() == Usager.history.count() == NOMBRE
    assert Usager.objects.values("nom_naissance", "prenoms", "ne_le").distinct().count() == NOMBRE


def test_une_seconde_livraison_ne_fait_rien(dans_a: Contexte) -> None:
    sujet = deposer(csv("Code;Civ;Nom;Prénom;Né le;Entrée", "1;Mme;Riou;Anne;12/03/1942;06/02/2023"))
    essayer(sujet)
    passage = integration.importer(compte("alice"), sujet.pk)
    finir(passage, sujet)

    passages.executer(passage.pk)

    assert (Usager.objects.count(), Passage.objects.count()) == (1, 2)


def test_la_tache_ne_travaille_que_dans_sa_structure(monde: Monde) -> None:
    from celery.app.trace import build_tracer

    with epingler(monde.a):
        sujet = deposer(csv("Code;Civ;Nom;Prénom;Né le;Entrée", "1;Mme;Riou;Anne;12/03/1942;06/02/2023"))
        choix = {rang: champ for champ, rang in sujet.colonnes.items()}
        passage = depot.regler(compte("alice"), sujet.pk, choix=choix, options=sujet.options)

    def executer(contexte: Contexte) -> None:
        tache = tasks.executer
        requete = {
            "id": "1",
            "headers": entete(tache, contexte),
            "is_eager": True,
            "retries": 0,
            "delivery_info": {},
        }
        build_tracer(tache.name, tache, app=tache.app, eager=False)(
            "1", [str(passage.pk)], {}, request=requete
        )

    executer(monde.b)
    with epingler(monde.a):
        assert Ligne.objects.count() == 0
    executer(monde.a)
    with epingler(monde.a):
        passage.refresh_from_db()
        assert (passage.etat, Ligne.objects.count()) == ("fini", 1)


def test_un_droit_retire_en_chemin_arrete_l_import(dans_a: Contexte) -> None:
    sujet = deposer(csv("Code;Civ;Nom;Prénom;Né le;Entrée", "1;Mme;Riou;Anne;12/03/1942;06/02/2023"))
    essayer(sujet)
    passage = integration.importer(compte("alice"), sujet.pk)
    type(compte("alice")).objects.filter(identifiant="alice").update(role="secretariat")

    assert finir(passage, sujet).etat == "echoue"
    assert Usager.objects.count() == 0
