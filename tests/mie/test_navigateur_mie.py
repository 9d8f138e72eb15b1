"""In Chromium, with a true authority and a true peer: a refused file, a certificate from its order to its service, the cards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from config.lanceur.bac_a_sable_mie.profils import PROFILS
from config.lanceur.postgres import GrappePostgres
from plateforme.sortant import hote_de
from tests.parcours.regard import Regard
from tests.support.igc import Igc, pairs
from tests.support.monde import FINESS_EJ, MOT_DE_PASSE
from tests.support.produit import Produit, copie, en_marche

pytestmark = pytest.mark.navigateur


@pytest.fixture(scope="module")
def avec_igc(
    serveurs: GrappePostgres, django_db_setup: None, django_db_blocker: Any, _igc: Igc, tmp_path_factory: Any
) -> Iterator[Produit]:
    """The product, trusting the authority of the tests."""
    with copie(serveurs, django_db_blocker, "certificats") as produit:
        _mots_de_passe(serveurs, produit)
        reglages = {
            "MIE_RACINES_TEST": _igc.racines["TEST"],
            "MIE_RACINES_PROD": _igc.racines["PROD"],
            "MIE_HOTES": ",".join([hote_de(_igc.test.url), hote_de(_igc.prod.url)]),
            "MIE_PAIRS": ",".join([*pairs(_igc.test, "TEST"), *pairs(_igc.prod, "PROD")]),
        }
        with en_marche(produit, serveurs, tmp_path_factory.mktemp("certificats"), ["web"], **reglages):
            yield produit


def _mots_de_passe(serveurs: GrappePostgres, produit: Produit) -> None:
    """Tests hash cheaply; the product accepts Argon2 only."""
    with psycopg.connect(serveurs.url("treille_ddl", produit.base), autocommit=True) as connexion:
        schemas = connexion.execute(
            "SELECT e.schema FROM tenants_emplacement e JOIN tenants_structure s ON s.id = e.structure_id "
            "WHERE s.slug IN ('alpha', 'beta') AND e.etat = 'attribue'"
        ).fetchall()
        for (schema,) in schemas:
            connexion.execute(
                psycopg.sql.SQL(
                    "UPDATE {}.identity_compte SET password = %s WHERE identifiant = 'direction'"
                ).format(psycopg.sql.Identifier(schema)),
                [make_password(MOT_DE_PASSE, hasher="argon2")],
            )


@pytest.fixture(
    params=[("alpha", 1440, 900, "clair"), ("beta", 390, 844, "sombre")], ids=["large", "telephone"]
)
def regard(request: Any, chromium: Any, avec_igc: Produit) -> Iterator[tuple[Regard, str]]:
    slug, largeur, hauteur, theme = request.param
    vu = Regard(chromium, largeur=largeur, hauteur=hauteur, theme=theme, mobile=largeur < 500)
    vu.connecter(avec_igc.structure(slug), "direction", MOT_DE_PASSE)
    yield vu, slug
    vu.fermer()


@pytest.mark.timeout(300)
def test_du_refus_a_la_mise_en_service(
    regard: tuple[Regard, str], avec_igc: Produit, _igc: Igc, tmp_path: Path
) -> None:
    vu, slug = regard
    vu.page.goto(avec_igc.structure(slug, "/mie"))
    vu.regarder("mie-vide")
    _refuser(vu, _igc, tmp_path)
    _commander(vu, _igc, tmp_path)
    page = vu.page
    page.get_by_role("button", name="Essayer maintenant").click()
    expect(page.get_by_role("button", name="Mettre en service")).to_be_visible()
    vu.regarder("mie-teste")
    page.get_by_role("button", name="Mettre en service").press("Enter")
    expect(page.get_by_text("Treille rappellera son renouvellement")).to_be_visible()
    vu.regarder("mie-actif")
    assert _igc.prod.comptoir.appels
    page.goto(avec_igc.structure(slug, "/mie"))
    expect(page.get_by_role("row").filter(has_text="INSI-AUTO")).to_contain_text("Actif")
    vu.regarder("mie-liste")


def _refuser(vu: Regard, igc: Igc, dossier: Path) -> None:
    """A test certificate offered to production: its sentence, what was chosen kept."""
    page, fichier = vu.page, PROFILS["autre_environnement"](igc.bac("PROD"))
    page.get_by_role("link", name="Importer un .p12").click()
    (dossier / "c.p12").write_bytes(fichier.octets)
    page.set_input_files("[name=fichier]", str(dossier / "c.p12"))
    page.fill("[name=mot_de_passe]", fichier.mot_de_passe)
    page.check("[name=destinations][value=DMP]")
    page.get_by_role("button", name="Contrôler et installer").click()
    expect(page.get_by_text("il n’entre pas en production").first).to_be_visible()
    assert page.is_checked("[name=destinations][value=DMP]")
    assert page.input_value("[name=mot_de_passe]") == ""
    vu.fautes[:] = [faute for faute in vu.fautes if "422" not in faute]
    vu.regarder("mie-refus")
    page.get_by_role("link", name="Annuler").click()


def _commander(vu: Regard, igc: Igc, dossier: Path) -> None:
    """The request made here, the certificate issued by the authority, and deposited."""
    page = vu.page
    page.get_by_role("link", name="Commander un certificat").click()
    page.check("[name=destinations][value=INSI]")
    page.fill("[name=cn]", "INSI-AUTO")
    vu.regarder("mie-commander")
    page.get_by_role("button", name="Générer la clé et la demande").press("Enter")
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Télécharger la demande").click()
    demande = x509.load_pem_x509_csr(Path(attendu.value.path()).read_bytes())
    vu.regarder("mie-commande")
    autorite = igc.prod.comptoir.autorite
    emis = autorite.emettre(demande.public_key(), cn="INSI-AUTO", finess=FINESS_EJ)
    from tests.mie.test_depot import x509_pem

    (dossier / "insi.pem").write_bytes(x509_pem(emis) + x509_pem(autorite.intermediaire))
    page.get_by_role("link", name="Déposer le certificat").click()
    page.set_input_files("[name=fichier]", str(dossier / "insi.pem"))
    page.get_by_role("button", name="Contrôler et installer").click()
    expect(page.get_by_role("button", name="Essayer maintenant")).to_be_visible()
    vu.regarder("mie-installe")


def test_les_cartes_et_le_contrat_se_regardent(regard: tuple[Regard, str], avec_igc: Produit) -> None:
    vu, slug = regard
    page = vu.page
    page.goto(avec_igc.structure(slug, "/mie/besoins/questionnaire"))
    page.check("[name=idec-partage]")
    page.check("[name=idec-professionnel]")
    vu.regarder("mie-questionnaire")
    page.get_by_role("button", name="Enregistrer les réponses").press("Enter")
    expect(page.get_by_role("row").filter(has_text="Infirmier coordinateur")).to_contain_text("e-CPS")
    vu.regarder("mie-besoins")
    page.goto(avec_igc.structure(slug, "/mie/cartes"))
    page.get_by_role("link", name="Noter la commande pour").click()
    page.get_by_role("button", name="Enregistrer").press("Enter")
    expect(page.get_by_text("e-CPS, commandée")).to_be_visible()
    vu.regarder("mie-cartes")
    page.goto(avec_igc.structure(slug, "/mie/contrat"))
    vu.regarder("mie-contrat")
    page.get_by_role("link", name="Noter la démarche").click()
    vu.regarder("mie-contrat-saisie")
