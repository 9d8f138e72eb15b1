"""In Chromium: a closed dossier, an exceptional access, its banner, its review, what the person reads of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import make_password

from tests.parcours.regard import Regard
from tests.support.monde import MOT_DE_PASSE, Monde
from tests.support.produit import Produit

pytestmark = pytest.mark.navigateur
TAILLES = {"bureau": (1440, 950, False), "poche": (390, 844, True)}


@pytest.fixture(scope="module")
def site(produit: Produit, serveurs: Any, django_db_blocker: Any) -> Produit:
    """People of A with the password hash the product accepts."""
    with django_db_blocker.unblock():
        schema = Monde.charger().a.schema
    with psycopg.connect(serveurs.url("treille_ddl", produit.base), autocommit=True) as connexion:
        connexion.execute(
            f'UPDATE "{schema}".identity_compte SET password = %s WHERE password NOT LIKE %s',
            [make_password(MOT_DE_PASSE, hasher="argon2"), "!%"],
        )
    return produit


@pytest.fixture(params=[("bureau", "clair"), ("poche", "sombre")], ids="-".join)
def regards(request: Any, chromium: Any) -> Iterator[Any]:
    taille, theme = request.param
    largeur, hauteur, mobile = TAILLES[taille]
    ouverts: list[Regard] = []

    def ouvrir() -> Regard:
        ouverts.append(Regard(chromium, largeur=largeur, hauteur=hauteur, theme=theme, mobile=mobile))
        return ouverts[-1]

    ouvrir.cle = f"{taille}-{theme}"
    yield ouvrir
    for regard in ouverts:
        regard.fermer()


def admettre(regard: Regard, site: Produit, nom: str) -> str:
    """By the secretariat, through its page. Answers the address of the dossier."""
    page = regard.page
    page.goto(site.structure("alpha", "/usagers/nouveau"))
    page.check("[name=civilite][value=MME]") if page.locator(
        "[name=civilite][type=radio]"
    ).count() else page.select_option("[name=civilite]", "MME")
    page.fill("[name=nom_naissance]", nom)
    page.fill("[name=prenoms]", "Yvonne")
    page.fill("[name=ne_le]", "1938-04-02")
    page.fill("[name=accompagne_depuis]", date(2026, 1, 5).isoformat())
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/usagers/" in url and "nouveau" not in url)
    return page.url


def test_un_acces_exceptionnel_du_debut_a_la_fin(site: Produit, regards: Any) -> None:
    nom = f"Bris{regards.cle.replace('-', '').capitalize()}"
    accueil, ines, direction, idec = regards(), regards(), regards(), regards()
    accueil.connecter(site.structure("alpha", "/connexion"), "accueil", MOT_DE_PASSE)
    adresse = admettre(accueil, site, nom)

    ines.connecter(site.structure("alpha", "/connexion"), "ines", MOT_DE_PASSE)
    page = ines.page
    refus = page.goto(adresse)
    assert refus is not None
    assert refus.status == 403
    assert nom not in page.content()
    ines.fautes.clear()  # Chromium writes the 403 in its console
    ines.regarder("dossier-ferme")

    page.click("text=Ouvrir un accès exceptionnel")
    page.wait_for_url("**/acces-exceptionnel/**")
    assert f"Y. {nom[0]}., née en 1938" in page.inner_text("main")
    ines.regarder("bris-ouvrir")
    page.check("[name=motif][value=appel]")
    page.fill("[name=explication]", "Sa voisine appelle, la porte reste close.")
    page.select_option("[name=heures]", "2")
    page.click("text=Ouvrir le dossier")
    page.wait_for_url(adresse)
    assert nom in page.inner_text("h1")
    assert "Accès exceptionnel à un dossier" in page.inner_text(".bandeaux")
    assert "L’accès exceptionnel" in page.inner_text("main")
    ines.regarder("bris-dossier")

    direction.connecter(site.structure("alpha", "/connexion"), "direction", MOT_DE_PASSE)
    page = direction.page
    page.goto(site.structure("alpha", "/acces-exceptionnels"))
    ligne = page.locator("ul.bris > li", has_text=f"Y. {nom[0]}.").first
    assert "Sa voisine appelle" in ligne.inner_text()
    direction.regarder("bris-registre")
    ligne.locator("a").click()
    page.check("[name=verdict][value=injustifie]")
    page.click("text=Enregistrer mon avis")
    assert "Dites pourquoi" in page.inner_text("main")
    direction.fautes.clear()  # the 422 of a refused form
    direction.regarder("bris-avis-refuse")
    page.fill("[name=note]", "Le référent était joignable.")
    page.click("text=Enregistrer mon avis")
    page.wait_for_url("**/acces-exceptionnels")
    assert "Le référent était joignable." in page.inner_text("main")

    ines.page.goto(site.structure("alpha", "/notifications"))
    ines.page.locator(".bandeaux button").click()
    ines.page.wait_for_load_state("load")
    assert ines.page.locator(".bandeaux").count() == 0
    encore = ines.page.goto(adresse)
    assert encore is not None
    assert encore.status == 403

    idec.connecter(site.structure("alpha", "/connexion"), "idec", MOT_DE_PASSE)
    idec.page.goto(f"{adresse}/confidentialite")
    lu = idec.page.inner_text("main")
    assert "Ines Essai a ouvert votre dossier" in lu
    assert "accès exceptionnel" in lu
    idec.regarder("confidentialite")
    idec.page.goto(site.structure("alpha", "/habilitations"))
    idec.regarder("matrice")
