"""The bell: one's own lines, and nobody else's."""

import pytest

from plateforme.notifications.models import Notification
from plateforme.tenancy.courant import lier
from tests.support.monde import Monde, client_de, compte

pytestmark = pytest.mark.usefixtures("site")


def prevenir(monde: Monde, identifiant: str, titre: str, url: str = "") -> Notification:
    with lier(monde.a):
        return Notification.objects.create(compte=compte(identifiant), titre=titre, url=url)


def non_lues(monde: Monde, identifiant: str) -> int:
    with lier(monde.a):
        return Notification.objects.filter(compte=compte(identifiant), lue_a=None).count()


def test_la_cloche_compte_et_la_page_liste_les_siennes(monde: Monde) -> None:
    prevenir(monde, "alice", "Export prêt")
    prevenir(monde, "awa", "Échange accepté")
    contenu = client_de(monde.a, "alice").get("/notifications").content.decode()
    assert '<span class="compte">1<span class="invisible"> non lue</span></span>' in contenu
    assert "Export prêt" in contenu
    assert "Échange accepté" not in contenu


def test_marquer_une_lue_laisse_les_autres(monde: Monde) -> None:
    premiere = prevenir(monde, "alice", "Une")
    prevenir(monde, "alice", "Deux")
    client_de(monde.a, "alice").post("/notifications", {"lue": str(premiere.pk)})
    assert non_lues(monde, "alice") == 1


def test_tout_marquer_ne_touche_que_les_siennes(monde: Monde) -> None:
    prevenir(monde, "alice", "Une")
    prevenir(monde, "awa", "Autre")
    client_de(monde.a, "alice").post("/notifications", {"toutes": "oui"})
    assert (non_lues(monde, "alice"), non_lues(monde, "awa")) == (0, 1)


def test_ouvrir_marque_lue_et_mene_au_lien(monde: Monde) -> None:
    ligne = prevenir(monde, "alice", "Une", "/planning")
    reponse = client_de(monde.a, "alice").post("/notifications", {"ouvrir": str(ligne.pk)})
    assert (reponse["Location"], non_lues(monde, "alice")) == ("/planning", 0)


def test_un_lien_vers_ailleurs_n_est_pas_suivi(monde: Monde) -> None:
    ligne = prevenir(monde, "alice", "Une", "https://ailleurs.example/")
    assert (
        client_de(monde.a, "alice").post("/notifications", {"ouvrir": str(ligne.pk)})["Location"]
        == "/notifications"
    )


@pytest.mark.parametrize("champ", ["lue", "ouvrir"])
def test_la_notification_d_un_autre_ne_se_lit_ni_ne_se_suit(monde: Monde, champ: str) -> None:
    ligne = prevenir(monde, "awa", "Autre", "/planning")
    reponse = client_de(monde.a, "alice").post("/notifications", {champ: str(ligne.pk)})
    assert (reponse["Location"], non_lues(monde, "awa")) == ("/notifications", 1)


def test_une_cle_qui_n_en_est_pas_une_ne_casse_rien(monde: Monde) -> None:
    assert client_de(monde.a, "alice").post("/notifications", {"lue": "n’importe"}).status_code == 302
