"""The shell in a real Chromium, under the project's own CSP: by mouse, by keyboard, narrow and dark."""

import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.echantillons import REFUS, Scene, servir

pytestmark = [pytest.mark.navigateur, pytest.mark.usefixtures("site")]
REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["", "frise", "formulaire", "refuse", "liste", "aide", "reseau", "connexion", "erreur"]


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def adresse(scene: Scene) -> Iterator[str]:
    serveur = servir(scene)
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    yield f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()
    serveur.server_close()
    fil.join()


class Ecran:
    def __init__(self, chromium: Browser, adresse: str) -> None:
        self._chromium, self._adresse = chromium, adresse
        self.plaintes: list[str] = []

    def ouvrir(
        self, nom: str = "", *, largeur: int = 1440, theme: str = "clair", horloge: bool = False
    ) -> Page:
        contexte = self._chromium.new_context(
            viewport={"width": largeur, "height": 900}, locale="fr-FR", has_touch=largeur < 600
        )
        contexte.set_default_timeout(10_000)
        page = contexte.new_page()
        if horloge:
            page.clock.install()
        page.on(
            "console",
            lambda m: (
                self.plaintes.append(m.text)
                if m.type == "error" and "422" not in m.text and "409" not in m.text
                else None
            ),
        )
        page.on("pageerror", lambda e: self.plaintes.append(str(e)))
        page.goto(f"{self._adresse}/{nom}?theme={theme}")
        page.evaluate("document.fonts.ready.then(() => 1)")
        return page


@pytest.fixture
def ecran(chromium: Browser, adresse: str) -> Iterator[Ecran]:
    un = Ecran(chromium, adresse)
    yield un
    for contexte in chromium.contexts:
        contexte.close()
    assert un.plaintes == []  # neither a script error nor a CSP refusal


@pytest.mark.parametrize("theme", ["clair", "sombre"])
@pytest.mark.parametrize("largeur", [1440, 390])
@pytest.mark.parametrize("nom", PAGES)
def test_axe_ne_trouve_rien(ecran: Ecran, nom: str, largeur: int, theme: str) -> None:
    page = ecran.ouvrir(nom, largeur=largeur, theme=theme)
    fautes = Axe().run(page, options={"runOnly": REGLES}).response["violations"]
    assert [(f["id"], [n["target"] for n in f["nodes"]]) for f in fautes] == []


def test_axe_voit_une_faute_mise_expres(ecran: Ecran) -> None:
    page = ecran.ouvrir("formulaire")
    page.evaluate("document.querySelector('label[for=id_nom]').remove()")
    fautes = Axe().run(page, options={"runOnly": REGLES}).response["violations"]
    assert "label" in {f["id"] for f in fautes}


@pytest.mark.parametrize("nom", PAGES)
def test_rien_ne_depasse_a_320_pixels(ecran: Ecran, nom: str) -> None:
    page = ecran.ouvrir(nom, largeur=320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_un_doigt_a_des_cibles_de_44_pixels(ecran: Ecran) -> None:
    page = ecran.ouvrir("", largeur=390)
    petites = page.evaluate(
        """[...document.querySelectorAll(":is(main, header) :is(button, a.bouton), .bas-de-page > *")]
           .filter((n) => n.getClientRects().length && n.getBoundingClientRect().height < 43.5)
           .map((n) => n.textContent)"""
    )
    assert petites == []


def test_la_palette_se_conduit_au_clavier(ecran: Ecran) -> None:
    page = ecran.ouvrir()
    page.keyboard.press("Control+k")
    saisie = page.get_by_role("combobox")
    expect(saisie).to_be_focused()
    expect(page.get_by_role("option")).to_have_count(3)
    saisie.type("cad")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(saisie).to_have_attribute("aria-activedescendant", "palette-1-1")
    expect(page.get_by_role("option", name="M. Louis Cadiou")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/liste")


def test_les_fleches_font_le_tour_des_resultats(ecran: Ecran) -> None:
    page = ecran.ouvrir()
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", name="Planning")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    expect(page.get_by_role("button", name="Rechercher")).to_be_focused()


def test_le_point_d_interrogation_liste_les_raccourcis(ecran: Ecran) -> None:
    page = ecran.ouvrir()
    page.keyboard.press("?")
    expect(page.locator("#palette-aide")).to_be_visible()
    expect(page.locator("#palette-aide")).to_contain_text("Planning")


def test_deux_lettres_ouvrent_le_planning_mais_pas_dans_un_champ(ecran: Ecran) -> None:
    page = ecran.ouvrir("formulaire")
    page.get_by_label("Nom").focus()
    page.keyboard.type("gp")
    expect(page.get_by_label("Nom")).to_have_value("gp")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/frise")


def test_les_raccourcis_d_une_touche_se_coupent_et_le_restent(ecran: Ecran) -> None:
    page = ecran.ouvrir("aide")
    page.locator("main [data-raccourcis-actifs]").uncheck()
    page.reload()
    expect(page.locator("main [data-raccourcis-actifs]")).not_to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_un_menu_s_ouvre_pres_de_son_bouton_et_se_ferme_par_echap(ecran: Ecran) -> None:
    page = ecran.ouvrir()
    bouton = page.get_by_role("button", name="Créer")
    bouton.click()
    lien = page.get_by_role("link", name="Note").and_(page.locator(".menu a"))
    expect(lien).to_be_focused()
    expect(bouton).to_have_attribute("aria-expanded", "true")
    menu, haut = page.locator("#menu-creer").bounding_box(), bouton.bounding_box()
    assert menu is not None
    assert haut is not None
    assert 0 <= menu["y"] - (haut["y"] + haut["height"]) < 12
    assert menu["x"] + menu["width"] <= 1440
    page.keyboard.press("Escape")
    expect(bouton).to_be_focused()
    expect(bouton).to_have_attribute("aria-expanded", "false")


def test_le_theme_change_sans_recharger_et_part_au_serveur(ecran: Ecran, scene: Scene) -> None:
    page = ecran.ouvrir()
    page.locator(".rail .moi").click()
    page.locator("#menu-compte").get_by_role("button", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "sombre")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 24, 23)"
    assert len(scene.themes) == 1
    assert re.search(r'name="theme"\s+sombre', scene.themes[0])


def test_le_theme_auto_suit_l_appareil_et_le_papier_reste_clair(ecran: Ecran) -> None:
    page = ecran.ouvrir(theme="auto")
    couleur = "getComputedStyle(document.querySelector('.feuille')).backgroundColor"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(couleur) == "rgb(25, 33, 31)"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(couleur) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(couleur) == "rgb(255, 255, 255)"


def test_un_formulaire_refuse_garde_la_saisie_et_donne_le_foyer_au_resume(ecran: Ecran) -> None:
    page = ecran.ouvrir("formulaire")
    page.get_by_label("Nom").fill("Riou")
    page.get_by_role("button", name="Créer", exact=True).and_(page.locator("main button")).click()
    expect(page.locator(".resume-erreurs")).to_be_focused()
    expect(page.get_by_label("Nom")).to_have_value("Riou")
    expect(page.get_by_label("Date de naissance")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("link", name="Date de naissance").click()
    expect(page.get_by_label("Date de naissance")).to_be_focused()


class Frise:
    def __init__(self, page: Page) -> None:
        self.page = page

    def bloc(self, cle: str):
        return self.page.locator(f'[data-id="{cle}"]')

    def ligne_de(self, cle: str) -> str:
        return str(self.bloc(cle).evaluate("n => n.closest('.ligne').dataset.intervenant"))


@pytest.fixture
def frise(ecran: Ecran) -> Frise:
    page = ecran.ouvrir("frise")
    page.locator(".frise[data-prete]").wait_for()
    return Frise(page)


def test_une_visite_se_deplace_au_clavier(frise: Frise, scene: Scene) -> None:
    frise.bloc("o").focus()
    for touche in ("m", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        frise.page.keyboard.press(touche)
    expect(frise.page.locator(".toast")).to_contain_text("Ollivier\u00a0: posé à 10:00 chez Karim Benali.")
    assert scene.deplacements == [{"id": "o", "intervenant": "kb", "debut": "10:00", "jour": "2026-11-24"}]


def test_une_visite_refusee_reprend_sa_place_et_la_regle_se_dit(frise: Frise, scene: Scene) -> None:
    frise.bloc("q").focus()
    for touche in ("m", *["ArrowRight"] * 8, "Enter"):
        frise.page.keyboard.press(touche)
    expect(frise.page.locator("#annonce")).to_contain_text(REFUS)
    expect(frise.bloc("q")).to_have_class("bloc prevu d139 l12")
    # Eight quarters of an hour would lead to 20:30; an hour's visit stops at the edge, 20:00.
    assert [d["debut"] for d in scene.deplacements] == ["20:00"]


def test_echap_repose_la_visite_sans_rien_demander(frise: Frise, scene: Scene) -> None:
    frise.bloc("k").focus()
    for touche in ("m", "ArrowLeft", "ArrowDown", "Escape"):
        frise.page.keyboard.press(touche)
    expect(frise.page.locator("#annonce")).to_have_text("Déplacement annulé.")
    expect(frise.bloc("k")).to_have_class("bloc prevu d28 l12")
    assert (frise.ligne_de("k"), scene.deplacements) == ("ad", [])


def test_une_visite_ne_se_pose_pas_chez_une_absente(frise: Frise) -> None:
    frise.bloc("k").focus()
    for touche in ("m", "ArrowDown", "ArrowDown"):
        frise.page.keyboard.press(touche)
    assert frise.ligne_de("k") == "tl"


def test_une_visite_se_glisse_a_la_souris_puis_s_annule(frise: Frise, scene: Scene) -> None:
    bloc, cible = (
        frise.bloc("o").bounding_box(),
        frise.page.locator('[data-intervenant="kb"] .temps').bounding_box(),
    )
    assert bloc is not None
    assert cible is not None
    souris = frise.page.mouse
    souris.move(bloc["x"] + 10, bloc["y"] + 10)
    souris.down()
    souris.move(bloc["x"] + 40, bloc["y"] + 25, steps=4)
    souris.move(bloc["x"] + 10 + cible["width"] / 14, cible["y"] + 12, steps=8)
    souris.up()
    expect(frise.page.locator(".toast")).to_contain_text("posé à 10:30 chez Karim Benali")
    frise.page.get_by_role("button", name="Annuler").and_(frise.page.locator(".toast button")).click()
    expect(frise.page.locator(".toast")).to_contain_text("posé à 09:30 chez À pourvoir")
    assert [(d["intervenant"], d["debut"]) for d in scene.deplacements] == [("kb", "10:30"), ("", "09:30")]


def test_un_clic_sans_glisser_ouvre_la_visite(frise: Frise, scene: Scene) -> None:
    frise.bloc("k").click()
    assert frise.page.url.endswith("#k")
    assert scene.deplacements == []


def test_une_visite_se_deplace_par_le_dialogue(frise: Frise, scene: Scene) -> None:
    frise.bloc("k").focus()
    frise.page.keyboard.press("d")
    frise.page.get_by_label("Intervenant", exact=True).select_option("tl")
    frise.page.get_by_label("Heure de début").fill("11:00")
    frise.page.get_by_role("button", name="Déplacer").click()
    expect(frise.page.locator(".toast")).to_contain_text("posé à 11:00 chez Thierry Le Bras")
    assert scene.deplacements[0]["intervenant"] == "tl"


def test_deux_visites_a_la_meme_heure_ne_se_recouvrent_pas(frise: Frise) -> None:
    un, deux = frise.bloc("k").bounding_box(), frise.bloc("r").bounding_box()
    assert un is not None
    assert deux is not None
    assert deux["y"] >= un["y"] + un["height"]


def test_la_page_se_rafraichit_et_annonce_ce_qui_change(ecran: Ecran, scene: Scene) -> None:
    page = ecran.ouvrir(horloge=True)
    page.mouse.move(5, 5)
    scene.situations = 4
    page.clock.run_for(31_000)
    expect(page.locator("#a-traiter li")).to_have_count(4)
    expect(page.locator("#annonce")).to_have_text("4 situations à traiter")


def test_rien_ne_bouge_sous_le_pointeur_ni_sous_le_foyer(ecran: Ecran, scene: Scene) -> None:
    page = ecran.ouvrir(horloge=True)
    page.locator("#a-traiter li").first.hover()
    scene.situations = 4
    page.clock.run_for(31_000)
    assert scene.rafraichissements == 0
    page.mouse.move(5, 5)
    page.get_by_role("link", name="Situation 1").focus()
    page.clock.run_for(31_000)
    assert scene.rafraichissements == 0
    page.locator("h1").click()
    page.mouse.move(5, 5)
    page.clock.run_for(31_000)
    expect(page.locator("#a-traiter li")).to_have_count(4)


def test_une_frise_rafraichie_se_deplace_encore(ecran: Ecran, scene: Scene) -> None:
    """The refresh brings a new frieze and a new dialog: both work, once."""
    page = ecran.ouvrir("frise", horloge=True)
    page.locator(".frise[data-prete]").wait_for()
    page.route("**/seule", lambda r: r.fulfill(content_type="text/html", body=page.evaluate("window.neuve")))
    page.evaluate("""() => {
      const zone = document.createElement("div");
      Object.assign(zone, { id: "zone" }).dataset.rafraichir = "/seule";
      document.querySelector("section.tournees").before(zone);
      zone.append(document.querySelector("section.tournees"), document.querySelector("#deplacer"));
      const copie = zone.cloneNode(true);
      delete copie.querySelector(".frise").dataset.prete;
      copie.querySelector('[data-id="o"] span').textContent = "Ollivier-Bis";
      window.neuve = copie.outerHTML;
    }""")
    page.mouse.move(5, 5)
    page.clock.run_for(31_000)
    expect(page.locator('[data-id="o"]')).to_contain_text("Ollivier-Bis")
    page.locator(".frise[data-prete]").wait_for()
    page.locator('[data-id="k"]').focus()
    page.keyboard.press("d")
    page.get_by_label("Heure de début").fill("11:00")
    page.get_by_role("button", name="Déplacer").click()
    expect(page.locator(".toast")).to_contain_text("posé à 11:00 chez Awa Diallo")
    assert len(scene.deplacements) == 1


def test_une_session_terminee_se_dit_et_arrete_le_rafraichissement(ecran: Ecran, scene: Scene) -> None:
    page = ecran.ouvrir(horloge=True)
    page.mouse.move(5, 5)
    scene.session_perdue = True
    page.clock.run_for(31_000)
    expect(page.locator(".toast")).to_contain_text("Votre session est terminée.")
    expect(page.locator("#a-traiter li")).to_have_count(3)


def test_un_filtre_agit_sans_recharger_et_garde_le_foyer(ecran: Ecran) -> None:
    page = ecran.ouvrir()
    page.get_by_role("link", name="Santé").click()
    expect(page.locator("#a-traiter li")).to_have_count(1)
    expect(page.locator("#a-traiter-sante")).to_have_attribute("aria-current", "true")
    expect(page.locator("#a-traiter-sante")).to_be_focused()


def test_la_page_imprimee_n_a_ni_rail_ni_bouton(ecran: Ecran) -> None:
    page = ecran.ouvrir()
    page.emulate_media(media="print")
    for selecteur in (".rail", ".barre", ".alertes .bouton", ".filtres"):
        expect(page.locator(selecteur).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
