"""Aujourd’hui, assembled from what domains register, for those who may see it."""

from datetime import UTC, datetime

import pytest
import time_machine

from plateforme.web import registres
from plateforme.web.registres import ActionLigne, Creation, EntreeRail, LigneATraiter, Panneau, Trouvaille
from tests.support.monde import Monde, client_de

pytestmark = pytest.mark.usefixtures("site", "registres_vides")
VOIR = "plateforme.aujourdhui.voir"
RESEAU = "plateforme.aide.lire_reseau"
MATIN = datetime(2026, 11, 24, 7, 25, tzinfo=UTC)


def ligne(cle: str, gravite: int, heure: int, famille: str = "planning") -> LigneATraiter:
    return LigneATraiter(
        cle,
        gravite,
        famille,
        "clock-alert",
        f"Situation {cle}",
        "Détail",
        "/x",
        datetime(2026, 11, 24, heure, tzinfo=UTC),
        (ActionLigne("Appeler", "tel:0261911234", "phone", principale=True),),
    )


def page(monde: Monde, adresse: str = "/", qui: str = "alice") -> str:
    with time_machine.travel(MATIN, tick=False):
        return client_de(monde.a, qui).get(adresse).content.decode()


def test_la_page_s_ouvre_sur_le_jour_et_l_heure_de_la_structure(monde: Monde) -> None:
    contenu = page(monde)
    assert "<h1>Mardi 24 novembre</h1>" in contenu
    assert "Il est <time>08:25</time>. Rien ne demande de décision immédiate." in contenu
    assert "<c-" not in contenu


def test_le_dommage_passe_avant_l_anciennete(monde: Monde) -> None:
    registres.inscrire_a_traiter("a", VOIR, lambda _r, _j: [ligne("ordinaire", 2, 4), ligne("recente", 0, 7)])
    registres.inscrire_a_traiter("b", VOIR, lambda _r, _j: [ligne("ancienne", 0, 6), ligne("moyenne", 1, 5)])
    contenu = page(monde)
    places = [contenu.index(f"Situation {cle}") for cle in ("ancienne", "recente", "moyenne", "ordinaire")]
    assert places == sorted(places)
    assert "Deux situations demandent une décision ce matin." in contenu


def test_une_seule_urgence_est_au_singulier(monde: Monde) -> None:
    registres.inscrire_a_traiter("a", VOIR, lambda _r, _j: [ligne("seule", 0, 7), ligne("autre", 1, 7)])
    assert "Une situation demande une décision ce matin." in page(monde)


def test_une_source_sans_droit_n_est_pas_meme_interrogee(monde: Monde) -> None:
    appels: list[str] = []
    registres.inscrire_a_traiter("a", RESEAU, lambda _r, _j: appels.append("lue") or [ligne("cachee", 0, 7)])
    registres.inscrire_panneau(
        Panneau("p", "tete", 1, RESEAU, "plateforme/_vide.html", lambda _r, _j: appels.append("lu") or {})
    )
    assert "cachee" not in page(monde)
    assert appels == []


def test_le_filtre_ne_garde_que_sa_famille_et_annonce_toujours_le_total(monde: Monde) -> None:
    registres.inscrire_a_traiter(
        "a", VOIR, lambda _r, _j: [ligne("plan", 1, 7), ligne("soin", 1, 7, "sante")]
    )
    contenu = page(monde, "/?panneau=a_traiter&famille=sante")
    assert "Situation soin" in contenu
    assert "Situation plan" not in contenu
    assert 'data-annonce="2 situations à traiter"' in contenu
    assert "<html" not in contenu


def test_un_panneau_muet_disparait_et_un_panneau_seul_se_rafraichit(monde: Monde) -> None:
    registres.inscrire_panneau(Panneau("muet", "tete", 1, VOIR, "plateforme/_vide.html", lambda _r, _j: None))
    registres.inscrire_panneau(
        Panneau("dit", "cote", 1, VOIR, "plateforme/_vide.html", lambda _r, _j: {"x": 1})
    )
    contenu = page(monde)
    assert 'id="panneau-dit" data-rafraichir="/?panneau=dit"' in contenu
    assert "panneau-muet" not in contenu
    assert page(monde, "/?panneau=dit").startswith('<div class="panneau" id="panneau-dit"')
    assert client_de(monde.a, "alice").get("/?panneau=muet").status_code == 204


def test_un_autre_jour_ne_se_rafraichit_pas(monde: Monde) -> None:
    contenu = page(monde, "/?jour=2026-11-25")
    assert "<h1>Mercredi 25 novembre</h1>" in contenu
    assert "Journée à venir, à préparer." in contenu
    assert "data-rafraichir" not in contenu


def test_un_jour_illisible_ramene_a_aujourd_hui(monde: Monde) -> None:
    assert "<h1>Mardi 24 novembre</h1>" in page(monde, "/?jour=hier")


def test_un_intervenant_ne_voit_pas_la_page_du_bureau(monde: Monde) -> None:
    assert client_de(monde.a, "awa").get("/").status_code == 403


def test_le_rail_montre_ce_qui_est_permis_et_ou_l_on_est(monde: Monde) -> None:
    registres.inscrire_rail(EntreeRail("aujourdhui", "Aujourd’hui", "sun", "aujourdhui", 1, VOIR))
    registres.inscrire_rail(
        EntreeRail("notes", "Notes", "bell", "notifications", 2, VOIR, "Gestion", lambda _r: 7)
    )
    registres.inscrire_rail(EntreeRail("interdit", "Interdit", "ban", "aide", 3, RESEAU))
    registres.inscrire_rail(EntreeRail("perdu", "Perdu", "ban", "nulle-part", 4, VOIR))
    contenu = page(monde, "/notifications")
    assert '<a href="/notifications" aria-current="page">' in contenu
    assert '<a href="/" aria-current' not in contenu
    assert '<span class="compte" data-compte="notes">7' in contenu
    assert "Interdit" not in contenu
    assert "Perdu" not in contenu


def test_la_palette_cherche_sans_accent_dans_les_pages_et_les_actions(monde: Monde) -> None:
    registres.inscrire_rail(EntreeRail("sante", "Santé", "heart-pulse", "aide", 1, VOIR))
    registres.inscrire_creation(Creation("Transmission", "notebook-pen", "notifications", VOIR, 1))
    registres.inscrire_chercheur(
        "u", VOIR, lambda _r, q: [Trouvaille("Usagers", "Mme Sanchez", "Lannion", "/u/1", "user-round")]
    )
    contenu = client_de(monde.a, "alice").get("/recherche?q=sant").content.decode()
    assert contenu.index("Mme Sanchez") < contenu.index("Santé")
    assert "Transmission" not in contenu
    assert contenu.count('role="option"') == 2


def test_une_lettre_seule_n_interroge_pas_les_domaines(monde: Monde) -> None:
    registres.inscrire_chercheur(
        "u", VOIR, lambda _r, _q: [Trouvaille("Usagers", "Mme Riou", "", "/u/1", "user-round")]
    )
    assert "Mme Riou" not in client_de(monde.a, "alice").get("/recherche?q=r").content.decode()


def test_la_palette_sans_resultat_le_dit_et_echappe_ce_qui_est_tape(monde: Monde) -> None:
    contenu = client_de(monde.a, "alice").get("/recherche?q=<b>zz").content.decode()
    assert "Rien ne correspond à «&nbsp;&lt;b&gt;zz&nbsp;»" in contenu


@pytest.mark.parametrize("jour", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_un_jour_sans_veille_ni_lendemain_ramene_a_aujourd_hui(jour: str, monde: Monde) -> None:
    assert "<h1>Mardi 24 novembre</h1>" in page(monde, f"/?jour={jour}")


def test_le_premier_et_le_dernier_jour_se_lisent(monde: Monde) -> None:
    assert 'href="?jour=1999-12-31"' in page(monde, "/?jour=2000-01-01")
    assert 'href="?jour=2101-01-01"' in page(monde, "/?jour=2100-12-31")
