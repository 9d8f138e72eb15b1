"""The story of the product: a grappe is opened, its structures come from a file, a visit is planned, badged, told, read."""

from pathlib import Path
from typing import Any

import pytest

from tests.parcours.regard import Regard
from tests.support.entree import s_inscrire_au_navigateur
from tests.support.listes import TITRES, finess
from tests.support.monde import MOT_DE_PASSE
from tests.support.produit import Produit

pytestmark = pytest.mark.navigateur

TAILLES = {"bureau": (1440, 950, False), "poche": (390, 844, True)}
PHRASE = "girafe lente sous verveine"
NOTE = "Bon appétit, trois verres d’eau. Elle attend sa fille samedi."


@pytest.fixture(params=[(t, th) for t in TAILLES for th in ("clair", "sombre")], ids="-".join)
def regards(request: Any, chromium: Any) -> Any:
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


def choisir(page: Any, champ: str, texte: str) -> None:
    """A short list is a plain select; it turns into a searchable one from eight entries on."""
    option = page.locator(f"[name={champ}] option", has_text=texte).first
    page.select_option(f"[name={champ}]", value=option.get_attribute("value"))


def test_de_la_grappe_au_cahier(produit: Produit, regards: Any, tmp_path: Path) -> None:
    cle = regards.cle
    slug, lien = _ouvrir_la_grappe(produit, regards(), tmp_path, cle)
    rs, aide = _inviter_l_equipe(produit, regards(), slug, lien)
    bureau = regards()
    _planifier(produit, bureau, slug, rs, aide)
    _badger(produit, regards(), slug, aide)
    _lire(produit, bureau, slug)


def _ouvrir_la_grappe(produit: Produit, operateur: Regard, dossier: Path, cle: str) -> tuple[str, str]:
    page = operateur.page
    page.goto(produit.reseau("/"))
    operateur.regarder("01-connexion")
    operateur.connecter(produit.reseau("/"), "denis", MOT_DE_PASSE)
    page.goto(produit.reseau("/console/grappes/ouvrir"))
    page.fill("[name=nom]", f"Grappe d’essai {cle}")
    page.fill("[name=porteur]", "Association fictive")
    page.fill("[name=finess]", finess("23009998"))
    page.fill("[name=ouverte_le]", "2026-03-02")
    operateur.regarder("02-ouvrir-grappe")
    page.get_by_role("button", name="Ouvrir la grappe").click()
    page.wait_for_url("**/console/structures/ouvrir**")

    lignes = [
        f"SAD du Parcours {cle} {n};{finess(f'23{cle}{n:04d}')};{finess('23009998')};Guéret;domicile"
        for n in range(1, 4)
    ]
    liste = dossier / "liste.csv"
    liste.write_bytes("\r\n".join([TITRES, *lignes, "Faux;230000001;230099996;Guéret;SAAD"]).encode("cp1252"))
    page.set_input_files("[name=fichier]", str(liste))
    operateur.regarder("03-ouvrir-structures")
    page.get_by_role("button", name="Ouvrir les structures").click()
    page.wait_for_selector("text=3 structures créées", timeout=40_000)
    assert page.locator("text=mal recopié").count() == 1
    operateur.regarder("04-rapport")

    page.locator("table a", has_text=f"SAD du Parcours {cle} 1").click()
    direction = _inviter_la_direction(operateur)
    page.goto(produit.reseau("/console/structures"))
    operateur.regarder("06-structures")
    page.goto(produit.reseau("/console/flotte"))
    operateur.regarder("07-flotte")
    return f"sad-du-parcours-{cle}-1", direction


def _inviter_la_direction(operateur: Regard) -> str:
    page = operateur.page
    page.fill("[name=prenom]", "Brigitte")
    page.fill("[name=nom]", "Directrice")
    page.select_option("#formulaire-compte [name=piece]", "cni")
    page.get_by_role("button", name="Inviter la direction").click()
    page.wait_for_selector("#lien-invitation")
    operateur.regarder("05-structure")
    return page.inner_text("#lien-invitation")


def _inviter_l_equipe(produit: Produit, direction: Regard, slug: str, lien: str) -> tuple[dict, dict]:
    """The direction enrols with its link, signs in, then invites a responsable and an intervenante."""
    page = direction.page
    page.goto(_sur_le_port(lien, produit))
    direction.regarder("06-inscription-mot-de-passe")
    secret = s_inscrire_au_navigateur(page, page.url, PHRASE)
    direction.regarder("06-inscription-codes")
    direction.connecter(produit.structure(slug), "brigitte.directrice", PHRASE, secret)
    rs, aide = (
        _inviter(produit, direction, slug, *qui)
        for qui in (("Nadine", "Responsable", "responsable_secteur"), ("Aya", "Intervenante", "intervenant"))
    )
    _rattacher(produit, direction, slug, "Nadine Responsable")
    return rs, aide


def _rattacher(produit: Produit, direction: Regard, slug: str, nom: str) -> None:
    """A responsable reads nothing until the direction says what she answers for."""
    page = direction.page
    page.goto(produit.structure(slug, "/equipe"))
    page.get_by_role("link", name=nom).first.click()
    page.get_by_role("link", name="Régler les secteurs").click()
    page.check("[name=toute_la_structure]")
    direction.regarder("09-secteurs")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_selector("text=Toute la structure")


def _inviter(
    produit: Produit, direction: Regard, slug: str, prenom: str, nom: str, role: str
) -> dict[str, str]:
    page = direction.page
    page.goto(produit.structure(slug, "/equipe/inviter"))
    page.fill("[name=prenom]", prenom)
    page.fill("[name=nom]", nom)
    page.select_option("[name=role]", role)
    page.check("[name=devant_moi]")
    page.select_option("[name=piece]", "cni")
    direction.regarder("07-inviter")
    page.get_by_role("button", name="Inviter", exact=True).click()
    page.wait_for_selector("#lien-invitation")
    direction.regarder("08-lien")
    lien, identifiant = page.inner_text("#lien-invitation"), page.inner_text("#identifiant-ouvert")
    autre = direction.contexte.browser.new_context()
    try:
        secret = s_inscrire_au_navigateur(autre.new_page(), lien, PHRASE)
    finally:
        autre.close()
    return {"identifiant": identifiant, "mot_de_passe": PHRASE, "secret": secret}


def _sur_le_port(lien: str, produit: Produit) -> str:
    """The product writes its public port; it is the one it was started with."""
    assert f":{produit.port}/" in lien
    return lien


def _planifier(produit: Produit, bureau: Regard, slug: str, rs: dict, aide: dict) -> None:
    page = bureau.page
    bureau.connecter(produit.structure(slug), **rs)
    bureau.regarder("10-aujourdhui-vide")
    page.goto(produit.structure(slug, "/usagers/nouveau"))
    page.select_option("[name=civilite]", "MME")
    for champ, valeur in {
        "prenoms": "Yvonne",
        "nom_naissance": "Essai-Le-Goff",
        "ne_le": "1942-03-12",
        "accompagne_depuis": "2025-01-06",
    }.items():
        page.fill(f"[name={champ}]", valeur)
    bureau.regarder("11-nouvel-usager")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/usagers/*-*")
    bureau.regarder("12-usager")

    page.goto(produit.structure(slug, "/intervenants/nouveau"))
    page.fill("[name=prenom]", "Aya")
    page.fill("[name=nom]", "Intervenante")
    page.select_option("[name=compte]", label="Aya Intervenante")
    bureau.regarder("13-nouvel-intervenant")
    page.get_by_role("button", name="Créer l’intervenant").click()
    page.wait_for_url("**/intervenants/*-*")

    page.goto(produit.structure(slug, "/interventions/nouvelle"))
    choisir(page, "usager", "Yvonne")
    choisir(page, "intervenant", "Aya")
    page.fill("[name=debut]", "12:00")
    page.select_option("[name=nature]", "repas")
    page.fill("[name=gestes]", "Préparer le repas\nProposer à boire")
    bureau.regarder("14-nouvelle-intervention")
    page.get_by_role("button", name="Planifier la visite").click()
    page.wait_for_url(lambda url: "/interventions/nouvelle" not in url)
    page.goto(produit.structure(slug, "/planning"))
    page.wait_for_selector(".bloc[data-id]")
    bureau.regarder("15-planning")
    assert page.locator(".bloc[data-id]").count() == 1


def _badger(produit: Produit, telephone: Regard, slug: str, aide: dict) -> None:
    page = telephone.page
    telephone.connecter(produit.structure(slug, "/m/"), **aide)
    page.wait_for_selector("text=Mme Yvonne Essai-Le-Goff")
    telephone.regarder("20-tournee")
    page.get_by_role("button", name="Commencer la visite").click()
    page.wait_for_selector("text=En cours depuis")
    page.get_by_label("Préparer le repas").check()
    telephone.regarder("21-visite")
    page.get_by_role("link", name="Terminer la visite").click()
    page.get_by_text("Comme d’habitude").locator("visible=true").click()
    page.locator("textarea[name=texte]").locator("visible=true").fill(NOTE)
    telephone.regarder("22-terminer")
    page.get_by_role("button", name="Enregistrer et partir").locator("visible=true").click()
    page.wait_for_selector("text=Tournée terminée")
    page.wait_for_selector("text=tout est envoyé")
    telephone.regarder("23-tournee-finie")


def _lire(produit: Produit, bureau: Regard, slug: str) -> None:
    page = bureau.page
    page.goto(produit.structure(slug))
    page.wait_for_selector(f"text={NOTE}")
    bureau.regarder("30-aujourdhui")
    page.goto(produit.structure(slug, "/transmissions"))
    page.wait_for_selector(f"text={NOTE}")
    bureau.regarder("31-transmissions")
    page.goto(produit.structure(slug, "/usagers"))
    bureau.regarder("32-usagers")
    page.locator("main a", has_text="Essai-Le-Goff").first.click()
    page.wait_for_selector(f"text={NOTE}")
    bureau.regarder("33-usager")
