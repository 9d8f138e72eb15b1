"""A signed-in local account links its Pro Santé Connect identity; when names differ, somebody else confirms."""

from typing import Any

import pytest

from plateforme.identity.base import Moyen
from plateforme.identity.models import Compte, RapprochementPsc
from plateforme.identity.oidc.client import Identite, Jetons
from plateforme.identity.oidc.rapprochements import memes_noms
from plateforme.reseau.models import RattachementPsc
from plateforme.tenancy.courant import PUBLIC, lier
from tests.identity.oidc.conftest import Journaux, Navigateur
from tests.pairs.oidc.personnes import SOLENN, YANN
from tests.support.monde import Monde, client_de, compte

RELIER = "http://alpha.localhost/mon-compte/connexions/psc"
SUB_YANN = f"f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:{YANN}"


def connecter(navigateur: Navigateur, monde: Monde, qui: str, moyen: Moyen = Moyen.TOTP) -> None:
    """A local session, opened by the door with this proof."""
    client = client_de(monde.a, qui)
    with lier(monde.a):
        session: Any = client.session
        session.inscrire(moyen=moyen.value)
        session.save()
    navigateur.hotes["alpha.localhost"] = client


def test_le_compte_local_relie_son_identite(navigateur: Navigateur, monde: Monde, journaux: Journaux) -> None:
    connecter(navigateur, monde, "idec")

    page = navigateur.poster(RELIER)

    assert page.chemin == "/mon-compte/connexions"
    assert "Votre compte est relié à Pro Santé Connect." in page.texte
    assert "89••••••0011" in page.texte
    assert SOLENN not in page.texte
    with lier(monde.a):
        idec = compte("idec")
        assert idec.id_national == SOLENN
    with lier(PUBLIC):
        assert RattachementPsc.objects.filter(compte_id=idec.pk).exists()
    assert [code for code, _ in journaux.structure()] == ["identity.psc.relier"]
    # And it opens from now on.
    assert Navigateur(navigateur.pair, navigateur.sub).entrer().statut == 200


def test_des_noms_differents_attendent_une_confirmation(
    navigateur: Navigateur, monde: Monde, journaux: Journaux
) -> None:
    navigateur.sub = SUB_YANN
    connecter(navigateur, monde, "idec")

    page = navigateur.poster(RELIER)

    assert "votre direction doit confirmer" in page.texte
    with lier(monde.a):
        assert compte("idec").id_national == ""
        demande = RapprochementPsc.objects.get()
    assert Navigateur(navigateur.pair, SUB_YANN).entrer().statut == 403  # not linked, so nothing opens

    direction = client_de(monde.a, "direction")
    assert "Identité Pro Santé Connect à confirmer" in direction.get("/").content.decode()
    assert "Yann Inconnu" in direction.get("/equipe/rapprochements").content.decode()
    assert (
        direction.post(f"/equipe/rapprochements/{demande.pk}", {"decision": "confirmer"}).status_code == 302
    )
    with lier(monde.a):
        assert compte("idec").id_national == YANN
    assert Navigateur(navigateur.pair, SUB_YANN).entrer().statut == 200
    codes = [code for code, _ in journaux.structure()]
    assert codes[:2] == ["identity.psc.demander", "identity.oidc.refus"]
    assert "identity.psc.confirmer" in codes


def test_une_demande_ecartee_ne_relie_rien_et_ne_se_decide_qu_une_fois(
    navigateur: Navigateur, monde: Monde
) -> None:
    navigateur.sub = SUB_YANN
    connecter(navigateur, monde, "idec")
    navigateur.poster(RELIER)
    with lier(monde.a):
        demande = RapprochementPsc.objects.get()
    direction = client_de(monde.a, "direction")

    assert direction.post(f"/equipe/rapprochements/{demande.pk}", {"decision": "ecarter"}).status_code == 302
    assert (
        direction.post(f"/equipe/rapprochements/{demande.pk}", {"decision": "confirmer"}).status_code == 404
    )
    with lier(monde.a):
        assert compte("idec").id_national == ""


def test_personne_ne_confirme_sa_propre_identite(monde: Monde) -> None:
    with lier(monde.a):
        direction = compte("direction")
        demande = RapprochementPsc.objects.create(
            compte=direction, id_national=YANN, prenom="Yann", nom="Inconnu"
        )

    assert client_de(monde.a, "direction").post(
        f"/equipe/rapprochements/{demande.pk}", {"decision": "confirmer"}
    ).status_code == 409  # fmt: skip


def test_seule_la_direction_confirme(monde: Monde) -> None:
    for qui in ("alice", "idec", "accueil", "awa"):
        assert client_de(monde.a, qui).get("/equipe/rapprochements").status_code == 403, qui


def test_l_identite_d_un_autre_compte_est_refusee(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    connecter(navigateur, monde, "alice")

    page = navigateur.poster(RELIER)

    assert page.statut == 409
    assert "déjà celle d’un autre compte" in page.texte
    with lier(monde.a):
        assert compte("alice").id_national == ""


def test_un_identifiant_deja_pose_ne_change_pas_tout_seul(
    navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    navigateur.sub = SUB_YANN
    connecter(navigateur, monde, "idec")

    page = navigateur.poster(RELIER)

    assert page.statut == 409
    assert "porte déjà un autre identifiant national" in page.texte
    with lier(monde.a):
        assert compte("idec").id_national == SOLENN


def test_relier_deux_fois_ne_change_rien(navigateur: Navigateur, monde: Monde, journaux: Journaux) -> None:
    connecter(navigateur, monde, "idec")
    navigateur.poster(RELIER)
    navigateur.poster(RELIER)

    assert [code for code, _ in journaux.structure()] == ["identity.psc.relier"]


@pytest.mark.parametrize("moyen", [Moyen.SECOURS, Moyen.PSC, Moyen.OIDC])
def test_seul_un_compte_local_a_deux_facteurs_relie(
    moyen: Moyen, navigateur: Navigateur, monde: Monde
) -> None:
    connecter(navigateur, monde, "idec", moyen)

    assert navigateur.poster(RELIER).statut == 409


def test_un_lien_ne_se_fait_pas_sans_que_la_session_l_ait_demande(
    navigateur: Navigateur, monde: Monde
) -> None:
    """The address of the departure, followed by somebody who asked nothing."""
    connecter(navigateur, monde, "idec")
    vers = navigateur.client("alpha.localhost").get("/connexion/psc/depart")["Location"] + "&but=relier"

    assert navigateur.aller(vers).statut == 403
    with lier(monde.a):
        assert not Compte.objects.exclude(id_national="").exists()


@pytest.mark.parametrize(
    ("compte_", "chez_psc", "attendu"),
    [
        (("Gwenaëlle", "Le Bihan"), ("GWENAELLE", "LE BIHAN"), True),
        (("Marie-Line", "Hamon"), ("Marie Line Denise", "HAMON"), True),
        (("Marie", "Hamon"), ("Marie-Line", "Hamon"), True),
        (("Marie-Line", "Hamon"), ("Marie", "Hamon"), False),
        (("Line", "Hamon"), ("Marie-Line", "Hamon"), False),
        (("Marie", "Hamon"), ("Marie", "Le Hamon"), False),
        (("Marie", "Hamon"), ("", "Hamon"), False),
        (("Marie", "Hamon"), ("Marie", ""), False),
    ],
)
def test_les_noms_se_comparent_sans_accents_ni_traits(
    compte_: tuple[str, str], chez_psc: tuple[str, str], attendu: bool
) -> None:
    identite = Identite("8997", "s", "", chez_psc[0], chez_psc[1], "eidas1", (), Jetons("", "", ""))

    assert memes_noms(Compte(prenom=compte_[0], nom=compte_[1]), identite) is attendu
