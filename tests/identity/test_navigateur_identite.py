"""In Chromium: from an invitation to a session with a code, and with a passkey held by a virtual authenticator."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import make_password

from tests.parcours.regard import Regard
from tests.support.entree import code
from tests.support.monde import MOT_DE_PASSE, Monde
from tests.support.produit import Produit

pytestmark = pytest.mark.navigateur

PHRASE = "girafe lente sous verveine"
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

    ouvrir.cle = f"{list(TAILLES).index(taille)}{('clair', 'sombre').index(theme)}"
    yield ouvrir
    for regard in ouverts:
        regard.fermer()


@pytest.fixture
def regard(chromium: Any) -> Iterator[Regard]:
    regard = Regard(chromium, largeur=1440, hauteur=950, theme="clair", mobile=False)
    yield regard
    regard.fermer()


def inviter(regard: Regard, site: Produit, prenom: str, *, verifiee: bool = True) -> str:
    page = regard.page
    page.goto(site.structure("alpha", "/equipe/inviter"))
    page.fill("[name=prenom]", prenom)
    page.fill("[name=nom]", "Parcours")
    page.select_option("[name=role]", "intervenant")
    if verifiee:
        page.check("[name=devant_moi]")
        page.select_option("[name=piece]", "cni")
    page.get_by_role("button", name="Inviter", exact=True).click()
    page.wait_for_selector("#lien-invitation")
    return str(page.inner_text("#lien-invitation"))


def test_de_l_invitation_a_la_session_avec_des_codes(site: Produit, regards: Any) -> None:
    """Every screen of the journey is looked at, in this size and theme."""
    cle = regards.cle
    responsable, invitee = regards(), regards()
    page = responsable.page
    page.goto(site.structure("alpha", "/equipe"))
    responsable.regarder("identite-01-connexion")
    page.fill("#identifiant", "alice")
    page.fill("#mot_de_passe", MOT_DE_PASSE)
    page.press("#mot_de_passe", "Enter")
    page.wait_for_selector("#code")
    responsable.regarder("identite-02-second-facteur")
    page.fill("#code", code(qui=f"alpha.localhost:{site.port}:alice"))
    page.press("#code", "Enter")
    page.wait_for_url("**/equipe")
    responsable.regarder("identite-03-equipe")
    page.goto(site.structure("alpha", "/equipe/inviter"))
    responsable.regarder("identite-04-inviter")
    lien = inviter(responsable, site, f"Maëlle{cle}", verifiee=False)
    responsable.regarder("identite-05-invitation")

    sienne = invitee.page
    sienne.goto(lien)
    invitee.regarder("identite-06-mot-de-passe")
    sienne.get_by_role("button", name="Afficher").click()
    assert sienne.locator("#mot_de_passe").get_attribute("type") == "text"
    sienne.fill("#mot_de_passe", PHRASE)
    sienne.press("#mot_de_passe", "Enter")
    sienne.wait_for_selector("#secret-totp", state="attached")
    invitee.regarder("identite-07-facteur")
    secret = str(sienne.locator("#secret-totp").text_content()).strip()
    sienne.fill("#code", code(secret, qui=secret))
    sienne.press("#code", "Enter")
    sienne.wait_for_selector("#codes")
    assert sienne.locator("#codes li").count() == 10
    invitee.regarder("identite-08-codes")

    page.goto(site.structure("alpha", "/equipe"))
    page.locator("main a", has_text=f"Maëlle{cle} Parcours").first.click()
    page.wait_for_selector("#formulaire-identite")
    responsable.regarder("identite-09-compte")
    page.select_option("#formulaire-identite [name=piece]", "cni")
    page.get_by_role("button", name="J’ai vérifié son identité").click()
    page.wait_for_selector("text=Carte nationale d’identité vue le")

    invitee.connecter(site.structure("alpha", "/m/"), f"maelle{cle}.parcours", PHRASE, secret)
    assert "/m/" in sienne.url
    sienne.goto(site.structure("alpha", "/mon-compte"))
    invitee.regarder("identite-10-mon-compte")
    sienne.goto(site.structure("alpha", "/mon-compte/application"))
    invitee.regarder("identite-11-application")
    sienne.goto(site.structure("alpha", "/mon-compte/mot-de-passe"))
    invitee.regarder("identite-12-mot-de-passe")
    sienne.goto(site.structure("alpha", "/connexion/oubli"))
    invitee.regarder("identite-13-oubli")


def authentificateur(regard: Regard) -> Any:
    """Chromium's own virtual authenticator: a phone with a fingerprint."""
    cdp = regard.contexte.new_cdp_session(regard.page)
    cdp.send("WebAuthn.enable")
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return cdp


def test_une_cle_d_acces_de_l_inscription_a_la_preuve(site: Produit, regard: Regard, chromium: Any) -> None:
    """Enrol with a passkey, sign in with it alone, add an application, remove it with a step-up by passkey."""
    responsable = Regard(chromium, largeur=1440, hauteur=950, theme="clair", mobile=False)
    try:
        responsable.connecter(site.structure("alpha", "/equipe"), "idec", MOT_DE_PASSE)
        lien = inviter(responsable, site, "Passkey")
    finally:
        responsable.fermer()
    authentificateur(regard)
    page = regard.page
    page.goto(lien)
    page.fill("#mot_de_passe", PHRASE)
    page.press("#mot_de_passe", "Enter")
    page.get_by_role("button", name="Créer une clé d’accès").click()
    page.wait_for_selector("#codes")

    page.goto(site.structure("alpha", "/mon-compte"))
    page.get_by_role("button", name="Se connecter avec ma clé d’accès").click()
    page.wait_for_selector("text=cette session")

    # The session forgets its proof: the next sensitive page asks for it, and the key answers.
    _vieillir_les_preuves(site)
    page.goto(site.structure("alpha", "/mon-compte/application"))
    page.wait_for_selector("text=Confirmez que c’est vous")
    regard.fautes.clear()  # the browser reports the 403 of that page
    regard.regarder("identite-14-confirmer")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url("**/mon-compte/application")
    secret = str(page.locator("#secret-totp").text_content()).strip()
    page.fill("[name=nom]", "Mon application")
    page.fill("#code", code(secret, qui=secret))
    page.get_by_role("button", name="Ajouter", exact=True).click()
    page.wait_for_url("**/mon-compte")
    assert page.locator("text=Mon application").count() >= 1
    assert regard.fautes == []


def _vieillir_les_preuves(site: Produit) -> None:
    from django.conf import settings

    base = settings.DATABASES["ddl"]
    with psycopg.connect(
        host=base["HOST"],
        port=base["PORT"] or 5432,
        user=base["USER"],
        password=base["PASSWORD"],
        dbname=site.base,
        autocommit=True,
    ) as connexion:
        schemas = connexion.execute(
            "SELECT table_schema FROM information_schema.tables WHERE table_name = 'identity_session'"
        ).fetchall()
        for (schema,) in schemas:
            connexion.execute(
                f"UPDATE \"{schema}\".identity_session SET confirmee_a = now() - interval '6 minutes'"
            )


def test_une_cle_annulee_laisse_le_code(site: Produit, regard: Regard) -> None:
    """The device holds no key for this site: a sentence, and the page still works."""
    page = regard.page
    authentificateur(regard)
    page.goto(site.structure("alpha", "/connexion"))
    page.get_by_role("button", name="Se connecter avec ma clé d’accès").click()
    page.wait_for_selector("text=Réessayez, ou choisissez un autre moyen")
    assert page.locator("#mot_de_passe").is_visible()
