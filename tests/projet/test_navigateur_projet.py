"""In Chromium: the assistant by the keyboard alone, then without any script; each page of the operator looked at."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.parcours.regard import Regard
from tests.support.monde import MOT_DE_PASSE
from tests.support.produit import Produit

pytestmark = pytest.mark.navigateur


@pytest.fixture(scope="module", params=[(1440, "clair"), (390, "sombre")], ids=["bureau", "poche"])
def regard(request: Any, chromium: Any, produit: Produit) -> Iterator[Regard]:
    largeur, theme = request.param
    vu = Regard(chromium, largeur=largeur, hauteur=900, theme=theme, mobile=largeur < 500)
    vu.connecter(produit.reseau("/connexion"), "denis", MOT_DE_PASSE)
    yield vu
    vu.fermer()


def test_l_assistant_se_suit_au_clavier(regard: Regard, produit: Produit) -> None:
    page = regard.page
    page.goto(produit.reseau("/grappe/projet/assistant"))
    page.focus("main form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=reponse]")
    regard.regarder("assistant-question")

    page.focus("[name=reponse][value=non]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("select[name=reponse]")
    page.focus("select[name=reponse]")
    page.keyboard.type("Corse")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=reponse][inputmode=numeric]")
    page.keyboard.press("Tab")
    page.fill("[name=reponse]", "huit")
    page.keyboard.press("Enter")
    page.wait_for_selector("[aria-invalid=true]")
    regard.fautes.clear()  # Chromium reports the 422 it was meant to receive
    page.fill("[name=reponse]", "8")
    page.keyboard.press("Enter")

    page.wait_for_selector("h1:has-text('Répondez à l’appel à projet régional')")
    regard.regarder("assistant-reponse")


def test_l_assistant_se_suit_sans_script(regard: Regard, chromium: Any, produit: Produit) -> None:
    sans = chromium.new_context(
        java_script_enabled=False, locale="fr-FR", storage_state=regard.contexte.storage_state()
    )
    page = sans.new_page()
    page.goto(produit.reseau("/grappe/projet/assistant"))
    page.click("main form button")
    page.check("[name=reponse][value=oui]")
    page.click("main .formulaire button[type=submit]")
    page.check("[name=reponse][value=candidat]")
    page.click("main .formulaire button[type=submit]")
    page.click("text=Changer la dernière réponse")
    page.check("[name=reponse][value=inconnu]")
    page.click("main .formulaire button[type=submit]")
    page.select_option("[name=reponse]", label="Bretagne")
    page.click("main .formulaire button[type=submit]")

    assert page.locator("h1").inner_text() == "Vérifiez d’abord le référencement"
    sans.close()


@pytest.mark.parametrize("chemin", ["/console/programmes", "/grappe/annuaire?region=53"])
def test_les_pages_de_l_operateur_se_regardent(regard: Regard, produit: Produit, chemin: str) -> None:
    regard.page.goto(produit.reseau(chemin))
    regard.regarder(f"projet{chemin.split('?', maxsplit=1)[0].replace('/', '-')}")
    if chemin == "/console/programmes":
        regard.page.click("main table a >> nth=0")
        regard.regarder("projet-programme")
