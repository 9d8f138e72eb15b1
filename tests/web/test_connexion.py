"""Signing in and out, on a structure's site and on the network's."""

import pytest

from plateforme.tenancy.courant import lier
from tests.support.entree import entrer
from tests.support.monde import Monde, client_de, compte

pytestmark = pytest.mark.usefixtures("site")
REFUS = "Identifiant ou mot de passe inconnu."


def test_une_responsable_arrive_sur_la_page_du_jour(monde: Monde) -> None:
    reponse = entrer(client_de(monde.a), "alice")
    assert (reponse.status_code, reponse["Location"]) == (302, "/")


def test_un_intervenant_arrive_sur_la_page_du_telephone(monde: Monde) -> None:
    reponse = entrer(client_de(monde.a), "awa")
    assert (reponse.status_code, reponse["Location"]) == (302, "/m/")


def test_l_operateur_entre_sur_le_site_du_reseau_et_pas_chez_une_structure(monde: Monde) -> None:
    assert entrer(client_de(None), "denis")["Location"] == "/"
    assert entrer(client_de(monde.a), "denis").status_code == 422


def test_un_compte_inconnu_et_un_mauvais_mot_de_passe_disent_la_meme_chose(monde: Monde) -> None:
    inconnu = entrer(client_de(monde.a), "zzinconnue").content.decode().replace("zzinconnue", "X")
    mauvais = entrer(client_de(monde.a), "alice", "faux").content.decode().replace("alice", "X")
    assert REFUS in inconnu
    masquer = "csrfmiddlewaretoken"
    sans_jeton = [
        [ligne for ligne in page.splitlines() if masquer not in ligne] for page in (inconnu, mauvais)
    ]
    assert sans_jeton[0] == sans_jeton[1]


def test_un_refus_garde_l_identifiant_et_oublie_le_mot_de_passe(monde: Monde) -> None:
    reponse = entrer(client_de(monde.a), "alice", "secret-bien-garde")
    assert reponse.status_code == 422
    assert 'value="alice"' in reponse.content.decode()
    assert "secret-bien-garde" not in reponse.content.decode()


def test_le_compte_du_voisin_n_entre_pas_ici(monde: Monde) -> None:
    assert entrer(client_de(monde.a), "chloe").status_code == 422


@pytest.mark.parametrize(
    ("suite", "attendue"),
    [
        ("/notifications", "/notifications"),
        ("/usagers?page=2", "/usagers?page=2"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example/", "/"),
        ("/\\ailleurs.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_la_suite_ne_quitte_jamais_le_site(monde: Monde, suite: str, attendue: str) -> None:
    assert entrer(client_de(monde.a), "alice", suite=suite)["Location"] == attendue


def test_deja_connecte_on_ne_revoit_pas_le_formulaire(monde: Monde) -> None:
    assert client_de(monde.a, "alice").get("/connexion")["Location"] == "/"


def test_se_deconnecter_ferme_la_session_et_vide_le_navigateur(monde: Monde) -> None:
    client = client_de(monde.a, "alice")
    reponse = client.post("/deconnexion", {"effacer": "oui"})
    assert (reponse.status_code, reponse["Location"]) == (302, "/connexion")
    assert reponse["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/notifications").status_code == 302


def test_se_deconnecter_du_bureau_n_efface_pas_les_envois_d_un_telephone_partage(monde: Monde) -> None:
    reponse = client_de(monde.a, "alice").post("/deconnexion")

    assert reponse["Clear-Site-Data"] == '"cache"'


def test_un_lien_ne_deconnecte_personne(monde: Monde) -> None:
    client = client_de(monde.a, "alice")
    assert client.get("/deconnexion").status_code == 405
    assert client.get("/notifications").status_code == 200


def test_le_theme_choisi_revient_sans_script_et_suit_le_compte(monde: Monde) -> None:
    client = client_de(monde.a, "alice")
    reponse = client.post("/apparence", {"theme": "sombre", "suite": "/notifications"})
    assert (reponse.status_code, reponse["Location"]) == (302, "/notifications")
    with lier(monde.a):
        assert compte("alice").theme == "sombre"
    assert '<html lang="fr" data-theme="sombre">' in client.get("/notifications").content.decode()


def test_un_theme_inconnu_est_refuse(monde: Monde) -> None:
    assert client_de(monde.a, "alice").post("/apparence", {"theme": "rose"}).status_code == 422


def test_l_operateur_choisit_aussi_son_theme(monde: Monde) -> None:
    assert client_de(None, "denis").post("/apparence", {"theme": "clair"}).status_code == 302
