"""In Chromium: the DPD goes round the space, opens a violation, tells the CNIL; every page looked at."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import make_password

from tests.parcours.regard import Regard
from tests.support.monde import MOT_DE_PASSE, Monde
from tests.support.produit import Produit

pytestmark = pytest.mark.navigateur


@pytest.fixture(scope="module")
def site(produit: Produit, serveurs: Any, django_db_blocker: Any) -> Produit:
    """The DPD of A with the password hash the product accepts."""
    with django_db_blocker.unblock():
        schema = Monde.charger().a.schema
    with psycopg.connect(serveurs.url("treille_ddl", produit.base), autocommit=True) as connexion:
        connexion.execute(
            f'UPDATE "{schema}".identity_compte SET password = %s WHERE identifiant = %s',
            [make_password(MOT_DE_PASSE, hasher="argon2"), "delphine"],
        )
    return produit


@pytest.fixture(params=[(1440, "clair"), (390, "sombre")], ids=["bureau", "poche"])
def regard(request: Any, chromium: Any, site: Produit) -> Iterator[Regard]:
    largeur, theme = request.param
    vu = Regard(chromium, largeur=largeur, hauteur=900, theme=theme, mobile=largeur < 500)
    vu.connecter(site.structure("alpha", "/connexion"), "delphine", MOT_DE_PASSE)
    yield vu
    vu.fermer()


def test_le_dpd_tient_son_espace(regard: Regard, site: Produit) -> None:
    page = regard.page
    page.goto(site.structure("alpha", "/rgpd/registre"))
    if page.locator("text=Préremplir le registre").count():
        page.click("main button:has-text('Préremplir')")
        page.wait_for_selector("table a")
    regard.regarder("rgpd-registre")
    page.click("table a >> nth=0")
    page.wait_for_selector("text=Délais d’effacement")
    regard.regarder("rgpd-fiche")

    page.goto(site.structure("alpha", "/rgpd/violations/ouvrir"))
    page.check("[name=atteintes][value=confidentialite]")
    page.fill("[name=circonstances]", "Un courriel est parti à la mauvaise adresse.")
    page.click("main .formulaire button[type=submit]")
    page.wait_for_selector(".horloge")
    # Half a minute may have passed since the minute that was written.
    assert page.locator(".horloge h2").inner_text().startswith("Il reste 71\u00a0h")
    page.select_option("[name=l-genre]", "cnil_initiale")
    page.fill("[name=l-reference]", "CNIL-1")
    page.click("#formulaire-ligne button[type=submit]")
    page.wait_for_selector("text=Notifiée à la CNIL dans le délai.")
    regard.regarder("rgpd-violation")

    for chemin in ("", "/dpd", "/aipd", "/dictionnaire", "/conservation"):
        page.goto(site.structure("alpha", f"/rgpd{chemin}"))
        regard.regarder(f"rgpd{chemin.replace('/', '-')}")
