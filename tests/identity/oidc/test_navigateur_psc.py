"""The whole course in a real browser, through the real provider and the real web server."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest

from config.lanceur.postgres import GrappePostgres
from tests.pairs.oidc.pair import CLIENT, SECRET, Pair, pair_oidc
from tests.pairs.oidc.personnes import SOLENN, YANN, tous
from tests.parcours.regard import Regard
from tests.support.produit import RACINE, Produit, attendre, copie, en_marche

pytestmark = pytest.mark.navigateur
TAILLES = {"bureau": (1440, 950, False), "poche": (390, 844, True)}


@dataclass
class Site:
    produit: Produit
    pair: Pair
    base: str  # address of the database, as its owner
    schema: str

    def structure(self, chemin: str) -> str:
        return self.produit.structure("alpha", chemin)

    def reseau(self, chemin: str) -> str:
        return self.produit.reseau(chemin)

    def sessions(self) -> int:
        with psycopg.connect(self.base, autocommit=True) as connexion:
            requete = f'SELECT count(*) FROM "{self.schema}".identity_session WHERE fournisseur = %s'
            return connexion.execute(requete, ["psc"]).fetchone()[0]


def _donner_les_identifiants(base: str) -> str:
    """Schema of A, where two people now carry the identifier of somebody the provider knows."""
    with psycopg.connect(base, autocommit=True) as connexion:
        schema = connexion.execute(
            "SELECT e.schema FROM tenants_emplacement e JOIN tenants_structure s ON s.id = e.structure_id WHERE s.slug = 'alpha'"
        ).fetchone()[0]
        for identifiant, id_national in (("idec", SOLENN), ("alice", YANN)):
            connexion.execute(
                f'UPDATE "{schema}".identity_compte SET id_national = %s WHERE identifiant = %s',
                [id_national, identifiant],
            )
    return schema


@pytest.fixture(scope="module")
def produit_psc(
    serveurs: GrappePostgres, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Site]:
    """The web server, with the provider it is configured for."""
    with ExitStack() as pile:
        produit = pile.enter_context(copie(serveurs, django_db_blocker, "psc_navigateur"))
        base = serveurs.url("treille_ddl", produit.base)
        schema = _donner_les_identifiants(base)
        pair = pile.enter_context(pair_oidc(produit.reseau(""), produit.structure("alpha", ""), tous()))
        env = pile.enter_context(
            en_marche(
                produit, serveurs, tmp_path_factory.mktemp("psc"), ["web"],
                PSC_CLIENT_ID=CLIENT, PSC_CLIENT_SECRET=SECRET, PSC_ISSUER=pair.issuer, OIDC_RAFRAICHIR_SECONDES="2",
            )
        )  # fmt: skip
        rattacher = [sys.executable, "manage.py", "rattacher_psc"]
        subprocess.run(rattacher, cwd=RACINE, env=env, check=True, capture_output=True)
        yield Site(produit, pair, base, schema)


@pytest.fixture
def site(produit_psc: Site) -> Site:
    """The same for every test; nobody is signed in, and the provider answers well."""
    with psycopg.connect(produit_psc.base, autocommit=True) as connexion:
        connexion.execute(f'DELETE FROM "{produit_psc.schema}".identity_session')
    produit_psc.pair.regler(decalage=0)
    return produit_psc


@pytest.fixture
def regards(chromium: Any) -> Iterator[Callable[..., Regard]]:
    ouverts: list[Regard] = []

    def ouvrir(taille: str = "bureau", theme: str = "clair") -> Regard:
        largeur, hauteur, mobile = TAILLES[taille]
        ouverts.append(Regard(chromium, largeur=largeur, hauteur=hauteur, theme=theme, mobile=mobile))
        return ouverts[-1]

    yield ouvrir
    for regard in ouverts:
        regard.fermer()


def entrer(site: Site, regard: Regard, qui: str = "Idec Essai") -> None:
    page = regard.page
    page.goto(site.structure("/connexion/psc/depart?suite=/usagers"))
    page.get_by_role("link", name=qui).click()
    page.wait_for_url(site.structure("/usagers"))


def test_pro_sante_connect_ouvre_puis_ferme_des_deux_cotes(
    site: Site, regards: Callable[..., Regard]
) -> None:
    bureau = regards()
    entrer(site, bureau)
    assert site.sessions() == 1
    bureau.regarder("psc-1-usagers")
    page = bureau.page
    page.goto(site.structure("/mon-compte/connexions"))
    bureau.regarder("psc-2-moyens-de-connexion")

    page.click("button.moi")
    page.get_by_role("button", name="Se déconnecter").click()
    page.click("#oui")  # the provider asks before closing its own session
    page.wait_for_url(lambda url: url.startswith(site.structure("/connexion")))

    assert site.sessions() == 0
    page.goto(site.structure("/connexion/psc/depart"))
    assert page.get_by_role("heading", name="Qui êtes-vous ?").is_visible()  # signed out there too
    assert page.evaluate("window.__csp") == []


def test_une_sortie_chez_le_fournisseur_ferme_ici_a_l_instant(
    site: Site, regards: Callable[..., Regard]
) -> None:
    premiere, seconde = regards(), regards()
    entrer(site, premiere)
    entrer(site, seconde)
    assert site.sessions() == 2

    premiere.page.goto(f"{site.pair.issuer}/protocol/openid-connect/logout")
    premiere.page.click("#oui")

    attendre(lambda: site.sessions() == 1, "la fermeture demandée par le fournisseur", 10)
    premiere.page.goto(site.structure("/usagers"))
    assert "/connexion" in premiere.page.url
    seconde.page.goto(site.structure("/usagers"))
    assert seconde.page.url == site.structure("/usagers")


def _reveiller(site: Site) -> None:
    """The next test finds a provider that answers, and a product that knows it."""
    site.pair.processus.send_signal(signal.SIGCONT)
    attendre(lambda: httpx.get(site.reseau("/psc/depart")).status_code == 302, "le fournisseur revenu", 15)


def test_fournisseur_muet_la_session_continue_et_le_dit(
    site: Site, regards: Callable[..., Regard], request: pytest.FixtureRequest
) -> None:
    bureau, autre = regards(), regards("poche")
    entrer(site, bureau)
    site.pair.processus.send_signal(signal.SIGSTOP)  # it hangs: the worst of silences
    request.addfinalizer(lambda: _reveiller(site))

    def degrade() -> bool:
        bureau.page.goto(site.structure("/usagers"))
        return "Pro Santé Connect ne répond pas" in bureau.page.inner_text("body")

    attendre(degrade, "le bandeau du mode dégradé", 15)
    assert bureau.page.url == site.structure("/usagers")
    bureau.regarder("psc-3-mode-degrade")
    # A new sign-in is told to use the local account (discovery is remembered, the provider's own page is not there).
    autre.page.goto(site.structure("/connexion"))
    autre.page.get_by_role("link", name="Pro Santé Connect").click()
    autre.page.get_by_text("Connectez-vous avec votre compte Treille").wait_for(timeout=10_000)
    autre.fautes.clear()  # the browser reports the 503 itself
    autre.regarder("psc-13-depart-impossible")
    autre.page.get_by_role("link", name="Revenir à la connexion").click()
    assert autre.page.locator("#identifiant").is_visible()


@pytest.mark.parametrize(("taille", "theme"), [("bureau", "sombre"), ("poche", "clair")])
def test_les_pages_sont_claires_a_toute_largeur(
    taille: str, theme: str, site: Site, regards: Callable[..., Regard]
) -> None:
    regard = regards(taille, theme)
    page = regard.page
    site.pair.regler("alg-none")
    page.goto(site.structure("/connexion/psc/depart"))
    page.get_by_role("link", name="Idec Essai").click()
    page.wait_for_url(site.reseau("/psc/retour**"))
    regard.fautes.clear()  # the browser reports the 403 itself
    regard.regarder("psc-4-refus")

    site.pair.regler()
    with psycopg.connect(site.base, autocommit=True) as connexion:
        connexion.execute(
            "INSERT INTO reseau_rattachement_psc (id, cree_a, modifie_a, empreinte, structure_id, compte_id)"
            " SELECT gen_random_uuid(), now(), now(), r.empreinte, s.id, gen_random_uuid()"
            " FROM reseau_rattachement_psc r, tenants_structure s, tenants_structure a WHERE s.slug = 'beta'"
            " AND a.slug = 'alpha' AND r.structure_id = a.id"
            " AND NOT EXISTS (SELECT FROM reseau_rattachement_psc d WHERE d.structure_id = s.id)"
        )
    page.goto(site.reseau("/psc/depart"))
    page.wait_for_url(site.reseau("/psc/structures"))
    regard.regarder("psc-5-structures")
    page.get_by_role("link", name="SAD Beta").click()
    page.wait_for_url("**/connexion/psc?**")
    regard.fautes.clear()
    regard.regarder("psc-6-sans-compte")


@pytest.mark.parametrize(("taille", "theme"), [("bureau", "clair"), ("poche", "sombre")])
def test_les_ecrans_de_la_direction(
    taille: str, theme: str, site: Site, regards: Callable[..., Regard]
) -> None:
    with psycopg.connect(site.base, autocommit=True) as connexion:
        connexion.execute(
            f'UPDATE "{site.schema}".identity_compte SET role = %s, theme = %s WHERE identifiant = %s',
            ["direction", theme, "alice"],
        )
        connexion.execute(
            f'DELETE FROM "{site.schema}".identity_fournisseur_oidc; DELETE FROM "{site.schema}".identity_rapprochement_psc'
        )
        connexion.execute(
            f'INSERT INTO "{site.schema}".identity_rapprochement_psc (id, cree_a, modifie_a, compte_id, id_national, prenom, nom, etat)'
            f" SELECT gen_random_uuid(), now(), now(), id, '899700000037', 'Bruno', 'Le Guen', 'en_attente'"
            f' FROM "{site.schema}".identity_compte WHERE identifiant = %s',
            ["bruno"],
        )
    regard = regards(taille, theme)
    entrer(site, regard, "Yann Inconnu")
    page = regard.page
    page.goto(site.structure("/equipe/rapprochements"))
    regard.regarder("psc-7-rapprochements")
    page.goto(site.structure("/reglages/fournisseurs-identite"))
    regard.regarder("psc-8-fournisseurs-vide")
    page.goto(site.structure("/reglages/fournisseurs-identite/nouveau"))
    regard.regarder("psc-9-nouveau-fournisseur")
    for nom, valeur in (("nom", "Compte de l’association"), ("issuer", site.pair.issuer), ("decouverte", site.pair.decouverte),
                        ("client_id", "treille"), ("secret", "s"), ("amr", "mfa")):  # fmt: skip
        page.fill(f"[name={nom}]", valeur)
    page.check("[name=actif]")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(lambda url: not url.endswith("/nouveau"))
    page.get_by_role("button", name="Essayer la découverte et les clés").click()
    page.get_by_text("Le fournisseur répond comme il faut").wait_for()
    regard.regarder("psc-10-fournisseur")
    page.goto(site.structure("/reglages/fournisseurs-identite"))
    regard.regarder("psc-11-fournisseurs")
    page.goto(site.structure("/mon-compte/connexions"))
    regard.regarder("psc-12-moyens")
