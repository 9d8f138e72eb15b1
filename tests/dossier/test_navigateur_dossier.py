"""The pages of the dossier and of the cahier in a real Chromium: axe, narrow, dark, and the door code by htmx."""

import mimetypes
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import connections
from playwright.sync_api import Browser, Page, Route, expect

from dossier.models import Proche, Secteur, Usager, Vigilance
from plateforme.storage.services import televerser
from plateforme.tenancy.courant import lier
from tests.liaison.fabrique import note
from tests.storage.fichiers import pdf
from tests.support.monde import Monde, client_de
from tests.telegestion.fabrique import a, badge, visite

pytestmark = pytest.mark.navigateur
REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HOTE = "http://alpha.localhost"


@pytest.fixture
def pages(site: Monde) -> dict[str, Any]:
    """A signed-in client and the paths to open."""
    with lier(site.a):
        anne = Usager.objects.create(
            civilite="MME",
            nom_naissance="Le Goff",
            nom_usage="Riou",
            prenoms="Anne",
            ne_le=date(1942, 3, 12),
            accompagne_depuis=date(2023, 2, 6),
            statut_ins="qualifiee",
            ins="279035121518989",
            ins_oid="1.2.250.1.213.1.4.10",
            adresse="4 venelle du Puits",
            commune="Lannion",
            telephone="0261911234",
            gir=3,
            acces_logement="Coffret, code 2580",
            secteur=Secteur.objects.create(nom="Lannion"),
        )
        Proche.objects.create(
            usager=anne, nom_complet="Claire Riou", lien="sa fille", personne_de_confiance=True
        )
        Vigilance.objects.create(usager=anne, libelle="Risque de chute", niveau="alerte")
        for rang, nom in enumerate(("Plan d’aide personnalisé d’autonomie 2026.pdf", "Consignes.txt")):
            octets = pdf() if rang == 0 else b"Fermer le gaz."
            televerser(nom, octets, sujet_id=anne.pk, depose_par=None, sante=rang == 0)
        for jour in (24, 23, 21):
            badge(visite("awa", "07:15", "08:00", chez=anne, jour=jour), "arrivee", "07:16")
        visite(None, "18:15", "19:15", chez=anne, nature="coucher")
        visite(
            "bruno", "10:45", "11:45", chez=anne, jour=23, statut="annulee", annulee_motif="Hospitalisation"
        )
        note(
            anne,
            texte="Rougeur au talon.",
            audience="soins",
            observation="prevenir",
            puces=["Soins : À revoir"],
        )
        premiere = note(anne, texte="Mange peut.", observation="surveiller", heure="07:40")
        note(anne, texte="Mange peu.", observation="surveiller", heure="07:50", corrige=premiere)
        note(anne, "idec", texte="Vu avec le médecin.", audience="famille", ecrite_a=a("12:00", 23))
    client = client_de(site.a, "idec")
    chemins = {
        "liste": "/usagers",
        "vide": "/usagers?q=personne",
        "dossier": f"/usagers/{anne.pk}",
        "entourage": f"/usagers/{anne.pk}/entourage",
        "documents": f"/usagers/{anne.pk}/documents",
        "modifier": f"/usagers/{anne.pk}/modifier",
        "nouveau": "/usagers/nouveau",
        "transmissions": "/transmissions",
        "nouvelle": "/transmissions/nouvelle",
        "aujourdhui": "/",
    }
    return {"client": client, "chemins": chemins, "base": connections["default"]}


def _ouvrir(chromium: Browser, pages: dict[str, Any], chemin: str, largeur: int, theme: str) -> Page:
    """A page whose requests are answered by the test's own client."""
    contexte = chromium.new_context(
        viewport={"width": largeur, "height": 900},
        locale="fr-FR",
        color_scheme="dark" if theme == "sombre" else "light",
        has_touch=largeur < 600,
    )
    contexte.set_default_timeout(10_000)

    def repondre(route: Route) -> None:
        connections["default"] = pages["base"]  # handlers run in a greenlet, which would open its own
        requete = route.request
        adresse = requete.url.removeprefix(HOTE)
        if adresse.startswith("/static/"):
            nom = adresse.removeprefix("/static/").split("?")[0]
            fichier = finders.find(nom)
            if fichier is None:
                route.fulfill(status=404)
                return
            genre = mimetypes.guess_type(nom)[0] or "application/octet-stream"
            route.fulfill(path=str(fichier), content_type=genre)
            return
        entetes = {c: v for c, v in requete.headers.items() if c.startswith("hx-")}
        if requete.method == "POST":
            corps = requete.post_data or ""
            reponse = pages["client"].post(
                adresse, corps, content_type="application/x-www-form-urlencoded", headers=entetes
            )
        else:
            reponse = pages["client"].get(adresse, headers=entetes)
        contenu = b"".join(reponse) if reponse.streaming else reponse.content
        route.fulfill(status=reponse.status_code, headers=dict(reponse.items()), body=contenu)

    contexte.route("**/*", repondre)
    page = contexte.new_page()
    page.goto(f"{HOTE}{chemin}")
    page.evaluate("document.fonts.ready.then(() => 1)")
    return page


@pytest.mark.parametrize(("largeur", "theme"), [(1440, "clair"), (320, "sombre")])
def test_axe_ne_trouve_rien_et_rien_ne_depasse(
    chromium: Browser, pages: dict[str, Any], largeur: int, theme: str
) -> None:
    fautes, larges = [], {}
    for nom, chemin in pages["chemins"].items():
        page = _ouvrir(chromium, pages, chemin, largeur, theme)
        trouvees = Axe().run(page, options={"runOnly": REGLES}).response["violations"]
        fautes += [(nom, f["id"], [n["target"] for n in f["nodes"]]) for f in trouvees]
        larges[nom] = page.evaluate("document.documentElement.scrollWidth")
        page.context.close()
    assert fautes == []
    assert larges == dict.fromkeys(pages["chemins"], largeur)


def test_le_code_s_affiche_a_sa_place(chromium: Browser, pages: dict[str, Any]) -> None:
    page = _ouvrir(chromium, pages, pages["chemins"]["dossier"], 1440, "clair")

    page.get_by_role("button", name="Afficher").click()

    expect(page.locator("#acces-logement")).to_have_text("Coffret, code 2580 Affichage tracé")
    page.context.close()


def test_une_transmission_se_lit_sans_recharger(chromium: Browser, pages: dict[str, Any]) -> None:
    page = _ouvrir(chromium, pages, pages["chemins"]["transmissions"], 1440, "clair")
    non_lues = page.locator("ol.fil > li.nonlu")
    expect(non_lues).to_have_count(2)

    page.get_by_role("button", name="Marquer comme lue").first.click()

    expect(non_lues).to_have_count(1)
    page.context.close()


def test_le_fil_se_filtre_sans_recharger(chromium: Browser, pages: dict[str, Any]) -> None:
    page = _ouvrir(chromium, pages, pages["chemins"]["dossier"], 1440, "clair")

    page.get_by_role("link", name="Interventions").and_(page.locator("#fil a")).click()

    expect(page.locator("#fil-intervention")).to_have_attribute("aria-current", "true")
    expect(page.locator("#fil .frisefil > li")).to_have_count(4)
    page.context.close()
