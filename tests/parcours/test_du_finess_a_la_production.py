"""The second story of the product: a porteur brings sixteen structures, one of them goes to production, step by step.

Nothing is written behind the pages: the certificate is issued by an authority that imitates IGC-Santé, tried on a server
that demands it, and each step that can tick itself is waited for.
"""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from config.lanceur.postgres import GrappePostgres
from plateforme.core.clock import today
from plateforme.sortant import hote_de
from tests.mie.test_depot import x509_pem
from tests.parcours.regard import Regard
from tests.support.entree import s_inscrire_au_navigateur
from tests.support.igc import Igc, pairs
from tests.support.listes import TITRES, finess
from tests.support.monde import MOT_DE_PASSE
from tests.support.produit import Produit, copie, en_marche

pytestmark = [pytest.mark.navigateur, pytest.mark.timeout(600)]

PHRASE = "girafe lente sous verveine"
EJ = finess("24009998")
SLUG = "sad-de-la-treille-01"
MOTIF = "Service neuf : rien de tel à la mise en production."


@pytest.fixture(scope="module")
def maison(
    serveurs: GrappePostgres, django_db_setup: None, django_db_blocker: Any, _igc: Igc, tmp_path_factory: Any
) -> Iterator[Produit]:
    """Web, worker and relay, trusting the authority of the tests; Paule leads an empty grappe."""
    with copie(serveurs, django_db_blocker, "production") as produit:
        _donner_une_grappe_a_paule(serveurs, produit)
        reglages = {
            "MIE_RACINES_TEST": _igc.racines["TEST"],
            "MIE_RACINES_PROD": _igc.racines["PROD"],
            "MIE_HOTES": ",".join([hote_de(_igc.test.url), hote_de(_igc.prod.url)]),
            "MIE_PAIRS": ",".join([*pairs(_igc.test, "TEST"), *pairs(_igc.prod, "PROD")]),
        }
        with en_marche(produit, serveurs, tmp_path_factory.mktemp("production"), **reglages):
            yield produit


def _donner_une_grappe_a_paule(serveurs: GrappePostgres, produit: Produit) -> None:
    """Tests hash cheaply, the product accepts Argon2 only; the operator opened the grappe before the story."""
    with psycopg.connect(serveurs.url("treille_ddl", produit.base), autocommit=True) as connexion:
        connexion.execute(
            "UPDATE reseau_compte SET password = %s", [make_password(MOT_DE_PASSE, hasher="argon2")]
        )
        connexion.execute(
            """
            WITH o AS (
                INSERT INTO tenants_organisme (id, cree_a, modifie_a, finess, siret, raison_sociale)
                VALUES (gen_random_uuid(), now(), now(), %s, '', 'Association de la Treille') RETURNING id
            ), g AS (
                INSERT INTO tenants_grappe (id, cree_a, modifie_a, nom, porteur_id, ouverte_le, calendrier)
                SELECT gen_random_uuid(), now(), now(), 'Grappe de la Treille', id, '2026-01-05', '' FROM o RETURNING id
            ) UPDATE reseau_compte SET grappe_id = (SELECT id FROM g) WHERE identifiant = 'paule'
            """,
            [EJ],
        )


@pytest.fixture
def regards(chromium: Any) -> Iterator[Any]:
    ouverts: list[Regard] = []

    def ouvrir(*, largeur: int = 1440, theme: str = "clair") -> Regard:
        hauteur, mobile = (844, True) if largeur < 500 else (950, False)
        ouverts.append(Regard(chromium, largeur=largeur, hauteur=hauteur, theme=theme, mobile=mobile))
        return ouverts[-1]

    yield ouvrir
    for regard in ouverts:
        regard.fermer()


def test_du_finess_a_la_production(maison: Produit, regards: Any, _igc: Igc, tmp_path: Path) -> None:
    porteur, operateur = regards(), regards()
    _inscrire_seize_membres(maison, porteur, tmp_path)
    direction = regards()
    _inviter_la_direction(maison, operateur, direction)

    _cadrer(maison, direction, operateur, porteur)
    _contractualiser(maison, direction, porteur)
    _prouver_l_identite_de_la_structure(maison, direction, _igc, tmp_path)
    _proteger_les_donnees(maison, direction)
    _preparer_l_equipe(maison, direction)
    _finir_de_deployer(maison, direction, operateur, porteur)

    _signer(maison, direction)
    _regarder_la_grappe(maison, porteur)
    telephone = regards(largeur=390, theme="sombre")
    telephone.connecter(maison.reseau("/"), "paule", MOT_DE_PASSE)
    telephone.regarder("60-grappe")


# -- the grappe ------------------------------------------------------------------------------------
def _inscrire_seize_membres(maison: Produit, porteur: Regard, dossier: Path) -> None:
    page = porteur.page
    porteur.connecter(maison.reseau("/"), "paule", MOT_DE_PASSE)
    page.goto(maison.reseau("/grappe/membres"))
    lignes = [
        f"SAD de la Treille {n:02d};{finess(f'2400{n:04d}')};{EJ};Guéret;{'domicile' if n % 2 else 'saad'}"
        for n in range(1, 17)
    ]
    liste = dossier / "membres.csv"
    liste.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([TITRES, *lignes, lignes[3]]).encode())
    page.set_input_files("[name=fichier]", str(liste))
    page.check("[name=type][value=acquisition]")
    page.fill("[name=mise_en_production]", (today() + timedelta(days=60)).isoformat())
    porteur.regarder("40-membres")
    page.get_by_role("button", name="Inscrire").click()
    page.wait_for_selector("text=16 structures créées", timeout=120_000)
    assert page.locator("text=Ce FINESS figure déjà à la ligne 5").count() == 1
    porteur.regarder("41-rapport")
    page.goto(maison.reseau("/grappe"))
    expect(page.locator(".tuiles a").first).to_contain_text("16")
    porteur.regarder("42-grappe")


def _inviter_la_direction(maison: Produit, operateur: Regard, direction: Regard) -> None:
    page = operateur.page
    operateur.connecter(maison.reseau("/"), "denis", MOT_DE_PASSE)
    page.goto(maison.reseau("/console/structures?q=Treille+01"))
    page.get_by_role("link", name="SAD de la Treille 01").click()
    page.fill("[name=prenom]", "Brigitte")
    page.fill("[name=nom]", "Directrice")
    page.select_option("#formulaire-compte [name=piece]", "cni")
    page.get_by_role("button", name="Inviter la direction").click()
    page.wait_for_selector("#lien-invitation")
    lien = page.inner_text("#lien-invitation")
    secret = s_inscrire_au_navigateur(direction.page, lien, PHRASE)
    direction.connecter(maison.structure(SLUG), "brigitte.directrice", PHRASE, secret)
    direction.page.goto(maison.structure(SLUG, "/deploiement"))
    expect(direction.page.locator(".prochaines li")).to_have_count(5)
    direction.regarder("43-mise-en-production")


# -- steps -----------------------------------------------------------------------------------------
def _adresse(maison: Produit, code: str) -> str:
    return maison.structure(SLUG, f"/deploiement/etapes/{code}")


def _faire(maison: Produit, qui: Regard, code: str, preuve: str = "Pièce du dossier de projet") -> None:
    page = qui.page
    page.goto(_adresse(maison, code))
    page.fill("#marquer [name=preuve]", preuve)
    page.get_by_role("button", name="C’est fait").click()
    page.wait_for_url("**/deploiement")


def _deroger(maison: Produit, qui: Regard, code: str) -> None:
    page = qui.page
    page.goto(_adresse(maison, code))
    page.get_by_text("Déroger à cette étape").click()
    page.fill("#deroger [name=motif]", MOTIF)
    page.get_by_role("button", name="Déroger", exact=True).click()
    page.wait_for_url("**/deploiement")


def _cochee(maison: Produit, qui: Regard, *codes: str) -> None:
    """The fact reaches the step through the outbox, the relay and a worker."""
    page, fin = qui.page, time.monotonic() + 40
    for code in codes:
        while True:
            page.goto(_adresse(maison, code))
            if page.locator(".paires .etat", has_text="Faite").count():
                break
            assert time.monotonic() < fin, f"« {code} » ne s’est pas cochée"
            page.wait_for_timeout(500)


def _du_reseau(maison: Produit, qui: Regard, base: str, code: str) -> None:
    """A step that waits for the porteur or for the platform, marked from the network's site."""
    page = qui.page
    page.goto(maison.reseau(base))
    if "/console/" in base:
        page.get_by_role("link").filter(has_text="SAD de la Treille 01").filter(has_text=code).click()
    else:
        page.get_by_role("link", name="SAD de la Treille 01").first.click()
        page.locator(".etapes-plan a", has_text=code).first.click()
    page.fill("#marquer [name=preuve]", "Vu ce jour")
    page.get_by_role("button", name="C’est fait").click()
    page.wait_for_url(re.compile(r"/(structures|deploiement)/[0-9a-f-]+$"))


def _cadrer(maison: Produit, direction: Regard, operateur: Regard, porteur: Regard) -> None:
    page = direction.page
    _faire(maison, direction, "besoins", "Compte rendu du comité")
    _faire(maison, direction, "perimetre")
    page.goto(maison.structure(SLUG, "/deploiement/maturite"))
    for groupe in page.locator("fieldset.axe fieldset").all():
        groupe.locator("input[type=radio]").nth(1).check()
    direction.regarder("44-maturite")
    page.get_by_role("button", name="Enregistrer nos réponses").click()
    page.wait_for_url("**/deploiement")
    _du_reseau(maison, operateur, "/console/deploiement", "Confirmer les FINESS")
    page.goto(maison.structure(SLUG, "/mie/administrateur"))
    page.select_option("[name=compte]", label="Brigitte Directrice")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/mie/contrat")
    _cochee(maison, direction, "maturite", "finess", "equipe_projet")


def _contractualiser(maison: Produit, direction: Regard, porteur: Regard) -> None:
    page = direction.page
    page.goto(_adresse(maison, "bon_de_commande"))
    expect(page.get_by_text("Relire les exigences").first).to_be_visible()  # it says what it waits for
    for code in ("Relire les exigences", "Signer la convention avec l’ARS"):
        _du_reseau(maison, porteur, "/grappe", code)
    for code in ("bon_de_commande", "sous_traitance"):
        _faire(maison, direction, code)
    page.goto(maison.structure(SLUG, "/mie/contrat/modifier"))
    page.fill("[name=representant]", "Brigitte Directrice")
    page.fill("[name=numero]", "CAF101-000001")
    page.fill("[name=depose_le]", (today() - timedelta(days=20)).isoformat())
    page.fill("[name=valide_le]", today().isoformat())
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/mie/contrat")
    _cochee(maison, direction, "contrat_ans")


def _prouver_l_identite_de_la_structure(maison: Produit, direction: Regard, igc: Igc, dossier: Path) -> None:
    """Card, certificate, mutual TLS with a server that demands it, mailbox."""
    page = direction.page
    page.goto(maison.structure(SLUG, "/mie/cartes/commander?genre=cde"))
    page.select_option("[name=compte]", label="Brigitte Directrice")
    page.select_option("[name=genre]", "cde")
    page.get_by_role("button", name="Enregistrer").click()
    for etat in ("recue", "activee"):
        page.goto(maison.structure(SLUG, "/mie/contrat"))
        page.get_by_role("link", name="Suivre la carte CDE").click()
        page.check(f"[name=etat][value={etat}]")
        if etat == "activee":
            page.fill("[name=expire_le]", (today() + timedelta(days=1000)).isoformat())
        page.get_by_role("button", name="Enregistrer").click()
        page.wait_for_load_state()
    page.goto(maison.structure(SLUG, "/mie/certificats/generer"))
    page.check("[name=destinations][value=INSI]")
    page.fill("[name=cn]", "INSI-AUTO")
    page.get_by_role("button", name="Générer la clé et la demande").click()
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Télécharger la demande").click()
    demande = x509.load_pem_x509_csr(Path(attendu.value.path()).read_bytes())
    autorite = igc.prod.comptoir.autorite
    emis = autorite.emettre(demande.public_key(), cn="INSI-AUTO", finess=EJ)
    (dossier / "insi.pem").write_bytes(x509_pem(emis) + x509_pem(autorite.intermediaire))
    page.get_by_role("link", name="Déposer le certificat").click()
    page.set_input_files("[name=fichier]", str(dossier / "insi.pem"))
    page.get_by_role("button", name="Contrôler et installer").click()
    avant = len(igc.prod.comptoir.appels)
    page.get_by_role("button", name="Essayer maintenant").click()
    page.get_by_role("button", name="Mettre en service").click()
    expect(page.get_by_text("Treille rappellera son renouvellement")).to_be_visible()
    assert len(igc.prod.comptoir.appels) > avant  # the server that demands a certificate has seen it
    page.goto(maison.structure(SLUG, "/mie/boites/nouvelle"))
    page.select_option("[name=genre]", "organisation")
    page.fill("[name=operateur]", "Opérateur fictif")
    page.fill("[name=adresse]", "sad@treille.mssante.example")
    page.fill("[name=demandee_le]", (today() - timedelta(days=9)).isoformat())
    page.fill("[name=obtenue_le]", today().isoformat())
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/mie/contrat")
    _cochee(
        maison, direction, "carte_cde", "certificats_commandes", "certificats_installes", "certificats_testes",
        "boite_mssante",
    )  # fmt: skip


def _proteger_les_donnees(maison: Produit, direction: Regard) -> None:
    """The DPD with the number of the CNIL, the register read and signed; the AIPD waits for her opinion."""
    page = direction.page
    page.goto(maison.structure(SLUG, "/rgpd/dpd"))
    page.select_option("[name=nature]", index=1)
    page.fill("[name=designe]", "Responsable qualité")
    page.fill("[name=contact]", "dpd@treille.example")
    page.fill("[name=numero_cnil]", "DPO-000001")
    page.fill("[name=depuis]", today().isoformat())
    page.get_by_role("button", name="Enregistrer la désignation").click()
    page.wait_for_load_state()
    page.goto(maison.structure(SLUG, "/rgpd/registre"))
    page.get_by_role("button", name="Préremplir").click()
    page.wait_for_selector("tbody tr")
    direction.regarder("48-registre")
    fiches = page.eval_on_selector_all("tbody th a", "liens => liens.map(a => a.href)")
    for fiche in fiches:
        page.goto(fiche)
        page.get_by_role("button", name="Signer la version 1").click()
        page.wait_for_load_state()
    _cochee(maison, direction, "dpd", "registre")
    direction.page.goto(_adresse(maison, "aipd"))
    direction.regarder("49-aipd-a-faire")
    _deroger(maison, direction, "aipd")


def _preparer_l_equipe(maison: Produit, direction: Regard) -> None:
    page = direction.page
    page.goto(maison.structure(SLUG, "/formations"))
    page.fill("[name=titre]", "Prise en main de Treille")
    page.fill("[name=le]", today().isoformat())
    page.fill("[name=animee_par]", "L’éditeur")
    page.get_by_role("button", name="Prévoir").click()
    page.get_by_role("button", name="J’ai suivi cette séance").click()
    direction.regarder("50-formations")
    _cochee(maison, direction, "comptes", "formation")
    page.goto(maison.structure(SLUG, "/habilitations/revues"))
    page.get_by_role("link", name="Ouvrir une revue").click()
    page.fill("[name=titre]", "Revue d’ouverture")
    page.fill("[name=echeance]", (today() + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Ouvrir la revue").click()
    page.locator("label", has_text="Maintenir").first.click()
    page.get_by_role("button", name="Enregistrer les décisions").click()
    page.get_by_role("button", name="Signer la revue").click()
    page.wait_for_load_state()
    _cochee(maison, direction, "droits")


def _finir_de_deployer(maison: Produit, direction: Regard, operateur: Regard, porteur: Regard) -> None:
    _du_reseau(maison, operateur, "/console/deploiement", "Paramétrer la structure")
    _du_reseau(maison, porteur, "/grappe", "Fixer le jour de bascule")
    for code in ("cas_d_usage", "information"):
        _faire(maison, direction, code)
    for code in ("rpps", "reprise", "premiere_ins"):
        _deroger(maison, direction, code)


def _signer(maison: Produit, direction: Regard) -> None:
    page = direction.page
    page.goto(maison.structure(SLUG, "/deploiement/signature"))
    direction.regarder("55-signature")
    page.fill("[name=fonction]", "Directrice")
    page.check("[name=lu]")
    page.get_by_role("button", name="Signer", exact=True).click()
    page.wait_for_selector("text=En production")
    direction.regarder("56-en-production")
    assert _tete_du_papier(page, "/deploiement/proces-verbal") == "%PDF-"


def _regarder_la_grappe(maison: Produit, porteur: Regard) -> None:
    """One in production, fifteen that say what holds them; the committee's paper."""
    page = porteur.page
    page.goto(maison.reseau("/grappe?situation=production"))
    expect(page.get_by_role("row").filter(has_text="SAD de la Treille 01")).to_contain_text("en production")
    page.goto(maison.reseau("/grappe?bloque_par=comptes"))
    expect(page.locator(".matrice tbody tr")).to_have_count(15)
    porteur.regarder("57-bloquees")
    page.get_by_role("link", name="SAD de la Treille 02").click()
    expect(page.get_by_role("heading", name="Ce qui bloque la mise en production")).to_be_visible()
    porteur.regarder("58-membre-bloque")
    assert _tete_du_papier(page, "/grappe/copil.pdf") == "%PDF-"


def _tete_du_papier(page: Any, chemin: str) -> str:
    """As the browser gets it, with the session of who looks."""
    return page.evaluate("(c) => fetch(c).then((r) => r.blob()).then((b) => b.slice(0, 5).text())", chemin)
