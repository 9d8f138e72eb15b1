"""Must show 5, in a real Chromium with a real worker: deposit, columns, dry run, report, import, sample, signature, undo."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from config.lanceur.postgres import GrappePostgres
from tests.parcours.regard import Regard
from tests.reprise.fabrique import desordre
from tests.support.monde import MOT_DE_PASSE
from tests.support.produit import Produit

pytestmark = pytest.mark.navigateur
LONG = 120_000


def _mots_de_passe_du_produit(serveurs: GrappePostgres, produit: Produit, slug: str) -> None:
    """Tests hash cheaply; the product accepts Argon2 only."""
    with psycopg.connect(serveurs.url("treille_ddl", produit.base), autocommit=True) as connexion:
        requete = (
            "SELECT e.schema FROM tenants_emplacement e JOIN tenants_structure s ON s.id = e.structure_id "
            "WHERE s.slug = %s AND e.etat = 'attribue'"
        )
        [schema] = connexion.execute(requete, [slug]).fetchone() or [""]
        connexion.execute(
            psycopg.sql.SQL(
                "UPDATE {}.identity_compte SET password = %s WHERE identifiant = 'direction'"
            ).format(psycopg.sql.Identifier(schema)),
            [make_password(MOT_DE_PASSE, hasher="argon2")],
        )


@pytest.fixture(
    params=[("alpha", 1440, 900, "clair", 2000), ("beta", 390, 844, "sombre", 40)], ids=["large", "telephone"]
)
def scene(
    request: Any, chromium: Any, produit: Produit, serveurs: GrappePostgres
) -> Iterator[tuple[Regard, str, int]]:
    slug, largeur, hauteur, theme, nombre = request.param
    _mots_de_passe_du_produit(serveurs, produit, slug)
    regard = Regard(chromium, largeur=largeur, hauteur=hauteur, theme=theme, mobile=largeur < 500)
    regard.connecter(produit.structure(slug), "direction", MOT_DE_PASSE)
    yield regard, slug, nombre
    regard.fermer()


@pytest.mark.timeout(420)
def test_une_reprise_de_bout_en_bout(
    scene: tuple[Regard, str, int], produit: Produit, tmp_path: Path
) -> None:
    regard, slug, nombre = scene
    page = regard.page
    page.goto(produit.structure(slug, "/reprise"))
    regard.regarder("reprise-vide")
    page.get_by_role("link", name="Reprendre un fichier").click()
    _deposer(regard, tmp_path, nombre)
    _essayer(regard, nombre)
    _decider_et_rapporter(regard, tmp_path, nombre)
    _importer(regard, nombre)
    if nombre == 2000:
        _annuler(regard, nombre)
    else:
        _controler_et_signer(regard)
    page.goto(produit.structure(slug, "/reprise"))
    regard.regarder("reprise-liste")


def _refus_voulus(regard: Regard) -> None:
    """Chromium says of each 422 that it is one."""
    regard.fautes[:] = [faute for faute in regard.fautes if "422" not in faute]


def _deposer(regard: Regard, dossier: Path, nombre: int) -> None:
    page = regard.page
    page.get_by_role("button", name="Déposer le fichier").click()
    expect(page.get_by_text("Choisissez un fichier").first).to_be_visible()
    page.set_input_files(
        "[name=fichier]", {"name": "export.xlsm", "mimeType": "application/x", "buffer": b"PK\x03\x04"}
    )
    page.get_by_role("button", name="Déposer le fichier").click()
    expect(page.get_by_text("contient des macros").first).to_be_visible()
    _refus_voulus(regard)
    regard.regarder("reprise-depot-refuse")
    chemin = dossier / "Export beneficiaires.xlsx"
    chemin.write_bytes(desordre(nombre))
    page.set_input_files("[name=fichier]", str(chemin))
    page.fill("[name=source]", "Ancien logiciel")
    page.get_by_role("button", name="Déposer le fichier").press("Enter")
    expect(page.get_by_role("heading", name="Que dit chaque colonne")).to_be_visible(timeout=30_000)
    regard.regarder("reprise-colonnes")


def _essayer(regard: Regard, nombre: int) -> None:
    page = regard.page
    page.select_option("#colonne_15", "adresse")
    page.get_by_role("button", name="Essayer sans rien écrire").click()
    expect(page.get_by_text("une seule colonne par champ")).to_be_visible()
    _refus_voulus(regard)
    regard.regarder("reprise-colonnes-refusees")
    page.select_option("#colonne_15", "medecin")
    page.fill("#garder_sous", "Ancien logiciel, bénéficiaires")
    page.get_by_role("button", name="Essayer sans rien écrire").press("Enter")
    if nombre == 2000:
        expect(page.locator("progress")).to_have_attribute("max", "2008", timeout=30_000)
        regard.regarder("reprise-progression")
    expect(page.get_by_role("heading", name="Secteurs à placer")).to_be_visible(timeout=LONG)
    regard.regarder("reprise-secteurs")
    page.select_option("#secteur_1", "creer")
    page.get_by_role("button", name="Placer et essayer de nouveau").press("Enter")
    expect(page.locator(".compteurs .ok dd")).to_have_text(f"{nombre:,}".replace(",", "\u202f"), timeout=LONG)


def _decider_et_rapporter(regard: Regard, dossier: Path, nombre: int) -> None:
    page = regard.page
    importer = page.get_by_role("button", name=re.compile("^Importer"))
    expect(importer).to_have_count(0)
    regard.regarder("reprise-doublons")
    page.get_by_role("button", name="Écarter cette ligne").press("Enter")
    expect(page.locator("#a-decider")).to_have_text("0")
    expect(importer).to_be_visible()
    page.get_by_role("link", name=re.compile("^Refusées")).click()
    expect(page.locator(".refus > li")).to_have_count(3)
    expect(page.get_by_text("Le GIR va de 1 à 6")).to_be_visible()
    regard.regarder("reprise-refusees")
    with page.expect_download() as attente:
        page.get_by_role("link", name="Lignes refusées (CSV)").click()
    rapport = Path(attente.value.path()).read_text("utf-8-sig").splitlines()
    assert [ligne.split(";")[0] for ligne in rapport] == ["Code client", "X1", "X2", "X3"]


def _importer(regard: Regard, nombre: int) -> None:
    page = regard.page
    page.get_by_role("button", name=re.compile("^Importer")).press("Enter")
    expect(page.get_by_role("heading", name="Avant et après")).to_be_visible(timeout=LONG)
    expect(page.locator(".compteurs .ok dd")).to_have_text(f"{nombre:,}".replace(",", "\u202f"))
    regard.regarder("reprise-bilan")


def _annuler(regard: Regard, nombre: int) -> None:
    page = regard.page
    page.get_by_role("link", name="Annuler l’import").click()
    regard.regarder("reprise-annulation")
    page.get_by_role("button", name="Annuler l’import").press("Enter")
    expect(page.get_by_text("Ce qu’elle avait créé est retiré")).to_be_visible(timeout=LONG)
    regard.regarder("reprise-annulee")


def _cocher(page: Page) -> None:
    for bouton in page.get_by_role("button", name=re.compile("^Conforme")).all():
        bouton.press("Enter")


def _controler_et_signer(regard: Regard) -> None:
    page = regard.page
    page.get_by_role("link", name="Contrôler les lignes").click()
    regard.regarder("reprise-echantillon")
    _cocher(page)
    expect(page.locator("#avancee")).to_have_text("10 vues sur 10")
    page.get_by_role("link", name="Aller à la signature").click()
    regard.regarder("reprise-a-signer")
    page.get_by_role("button", name="Signer la reprise").press("Enter")
    expect(page.get_by_text("Cette reprise ne s’annule plus")).to_be_visible()
    regard.regarder("reprise-signee")
