"""Error pages: what happened, what to do, a reference; and nothing of what went wrong inside."""

import re

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from plateforme.web import erreurs
from tests.support.monde import Monde, client_de


@pytest.mark.parametrize("statut", [400, 403, 404, 405, 409, 413, 429, 500, 503])
def test_chaque_page_dit_quoi_faire_et_donne_une_reference(statut: int) -> None:
    reponse = erreurs.page(RequestFactory().get("/x"), statut)
    contenu = reponse.content.decode()
    assert reponse.status_code == statut
    assert f"Erreur {statut}" in contenu
    assert len(re.findall(r"<h1>[^<]{10,}</h1>", contenu)) == 1
    assert re.search(r"assistance&nbsp;: <b>[2-9A-HJKMNP-Z]{8}</b>", contenu)
    assert 'class="bouton principal"' in contenu


def test_une_erreur_interne_ne_touche_pas_a_la_base(db: None) -> None:
    with CaptureQueriesContext(connection) as requetes:
        erreurs.handler500(RequestFactory().get("/x"))
    assert len(requetes) == 0


def test_une_page_d_erreur_se_passe_de_requete() -> None:
    assert erreurs.page(None, 503).status_code == 503


def test_la_reference_est_celle_des_journaux() -> None:
    requete = RequestFactory().get("/x")
    requete.correlation = "0123abcd89ef0123"  # type: ignore[attr-defined]
    assert "<b>0123abcd</b>" in erreurs.page(requete, 500).content.decode()


def test_htmx_recoit_la_phrase_seule() -> None:
    requete = RequestFactory().get("/x", headers={"HX-Request": "true"})
    reponse = erreurs.page(requete, 409, "Quelqu’un d’autre vient de modifier ce planning.")
    assert reponse["Content-Type"] == "text/plain; charset=utf-8"
    assert reponse.content.decode() == "Quelqu’un d’autre vient de modifier ce planning."


@pytest.mark.parametrize(
    ("statut", "phrase"),
    [
        (403, "Votre rôle ne permet pas cela."),
        (404, "n’existe pas ou n’est pas dans votre structure"),
        (409, "Quelqu’un d’autre vient de modifier cet élément."),
        (422, "La fin précède le début."),
    ],
)
@pytest.mark.usefixtures("site")
def test_un_refus_metier_devient_sa_page(monde: Monde, settings, statut: int, phrase: str) -> None:
    if "plateforme.web.erreurs.PagesDErreur" not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, "plateforme.web.erreurs.PagesDErreur"]
    reponse = client_de(monde.a, "alice").get(f"/casse?statut={statut}")
    assert reponse.status_code == statut
    assert phrase in reponse.content.decode()


@pytest.mark.usefixtures("site")
def test_une_panne_ne_montre_rien_de_l_interieur(monde: Monde) -> None:
    reponse = client_de(monde.a, "alice", raise_request_exception=False).get("/casse?statut=500")
    assert reponse.status_code == 500
    assert "secret de fabrication" not in reponse.content.decode()
    assert "Quelque chose a échoué" in reponse.content.decode()


@pytest.mark.usefixtures("site")
def test_un_formulaire_venu_d_ailleurs_est_refuse_en_francais(monde: Monde) -> None:
    reponse = client_de(monde.a, "alice", enforce_csrf_checks=True).post("/apparence", {"theme": "clair"})
    assert reponse.status_code == 403
    assert "L’envoi a expiré" in reponse.content.decode()


@pytest.mark.usefixtures("site")
def test_une_adresse_inconnue_a_sa_page(monde: Monde) -> None:
    reponse = client_de(monde.a).get("/nulle-part")
    assert reponse.status_code == 404
    assert "Page introuvable" in reponse.content.decode()
