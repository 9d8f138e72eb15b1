"""The shell is safe everywhere, lazy, and says things once."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from plateforme.web.annonces import annoncer, avec_annonce, retirer
from plateforme.web.contexte import Coquille, coquille
from tests.support.monde import Monde, client_de


def test_une_requete_sans_personne_ni_structure_a_une_coquille() -> None:
    vide = coquille(RequestFactory().get("/"))["coquille"]
    assert (vide.theme, vide.nom, vide.lignes, vide.creations, vide.notifications) == (
        "auto",
        "Réseau Treille",
        [],
        [],
        0,
    )
    assert list(vide.annonces) == []


def test_un_anonyme_n_a_ni_rail_ni_cloche() -> None:
    requete = RequestFactory().get("/")
    requete.user = AnonymousUser()
    assert Coquille(requete).compte is None
    assert Coquille(requete).notifications == 0


def test_le_processeur_de_contexte_ne_coute_aucune_requete(db: None) -> None:
    with CaptureQueriesContext(connection) as requetes:
        coquille(RequestFactory().get("/"))
    assert len(requetes) == 0


@pytest.mark.usefixtures("site")
def test_la_page_porte_la_configuration_stricte_de_htmx(monde: Monde) -> None:
    contenu = client_de(monde.a, "alice").get("/aide").content.decode()
    assert '"historyCacheSize":0,"allowEval":false,"includeIndicatorStyles":false' in contenu
    assert '{"code":"422","swap":true}' in contenu
    assert 'hx-headers=\'{"X-CSRFToken": "' in contenu


@pytest.mark.usefixtures("site")
def test_la_page_nomme_la_structure_et_la_personne(monde: Monde) -> None:
    contenu = client_de(monde.a, "alice").get("/aide").content.decode()
    assert "<strong>SAD Alpha</strong><small>Service autonomie, aide et soins</small>" in contenu
    assert "<strong>Alice Essai</strong><small>Responsable de secteur</small>" in contenu
    assert "<title>Aide – SAD Alpha</title>" in contenu


def test_une_annonce_se_dit_une_fois() -> None:
    requete = RequestFactory().get("/")
    requete.session = {}  # type: ignore[assignment]
    annoncer(requete, "Projet enregistré.")
    annoncer(requete, "Message parti.")
    assert retirer(requete) == ["Projet enregistré.", "Message parti."]
    assert retirer(requete) == []


def test_une_annonce_htmx_tient_dans_un_en_tete_ascii() -> None:
    reponse = avec_annonce(HttpResponse(), "Visite déplacée à 9 h.", annuler="/annuler/1")
    assert reponse["HX-Trigger"] == (
        '{"annonce": {"texte": "Visite d\\u00e9plac\\u00e9e \\u00e0 9 h.", "annuler": "/annuler/1"}}'
    )
