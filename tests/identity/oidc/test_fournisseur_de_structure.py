"""A second provider, the structure's own: same strictness, linked by the person, its second factor asserted or refused."""

from typing import Any

import httpx
import pytest

from plateforme.identity.base import Moyen
from plateforme.identity.models import Compte, FournisseurOidc, LienOidc, Session
from plateforme.tenancy.courant import lier
from tests.identity.oidc.conftest import Journaux, Navigateur, valeurs
from tests.identity.oidc.test_rapprochement import connecter
from tests.identity.outils import code
from tests.pairs.oidc.pair import CLIENT_ORGANISME, SECRET, Pair
from tests.support.monde import Monde, client_de


def relier(navigateur: Navigateur, monde: Monde, organisme: Any, qui: str = "idec") -> Any:
    connecter(navigateur, monde, qui)
    page = navigateur.poster(f"http://alpha.localhost/mon-compte/connexions/oidc/{organisme.pk}")
    navigateur.hotes.pop("alpha.localhost")
    navigateur.chez_le_pair = httpx.Client(follow_redirects=False)  # proves who it is again
    return page


def entrer(navigateur: Navigateur) -> Any:
    return navigateur.aller("http://alpha.localhost/connexion/oidc?suite=/usagers")


def test_le_premier_lien_se_fait_depuis_un_compte_local_puis_il_ouvre(
    navigateur: Navigateur, organisme: Any, monde: Monde, journaux: Journaux
) -> None:
    assert entrer(navigateur).statut == 403  # never guessed from a name or an address
    assert "Votre compte est relié à Compte de l’association." in relier(navigateur, monde, organisme).texte

    page = entrer(navigateur)

    assert (page.chemin, page.statut) == ("/usagers", 200)
    assert "Idec Essai" in page.texte
    with lier(monde.a):
        session = Session.objects.exclude(fournisseur="").get()
        assert (session.moyen, session.fournisseur) == ("oidc", f"oidc:{organisme.pk.hex}")
    assert [c for c, _ in journaux.structure()] == [
        "identity.fournisseur.creer",
        "identity.oidc.refus",
        "identity.oidc.relier",
        "identity.connexion.reussie",
        "identity.connexion.nouvel_appareil",  # this browser never opened this account itself
    ]


@pytest.mark.parametrize(
    "faute", ["alg-none", "hs256-cle-publique", "autre-aud", "autre-iss", "autre-nonce", "expire", "meme-kid-autre-cle", "autre-sub", "acr-faible"]
)  # fmt: skip
def test_les_memes_mauvaises_reponses_sont_refusees(
    faute: str, navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    relier(navigateur, monde, organisme)
    navigateur.pair.regler(faute)

    page = entrer(navigateur)

    assert page.statut == 403
    assert "Rien n’a été ouvert ni changé" in page.texte
    assert not navigateur.est_connecte(monde.a)


def test_sans_second_facteur_affirme_la_connexion_est_refusee(
    navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    relier(navigateur, monde, organisme)
    navigateur.pair.regler(amr=["pwd"])

    page = entrer(navigateur)

    assert page.statut == 403
    assert "n’a pas confirmé de second facteur" in page.texte


@pytest.fixture
def sans_second(navigateur: Navigateur, organisme: Any, monde: Monde) -> Navigateur:
    """The provider vouches for a password only, and the structure asks the second factor here."""
    relier(navigateur, monde, organisme)
    navigateur.pair.regler(amr=["pwd"])
    with lier(monde.a):
        FournisseurOidc.objects.update(second_facteur_local=True)
    return navigateur


def donner(navigateur: Navigateur, code_donne: str) -> Any:
    return navigateur.poster("http://alpha.localhost/connexion/code", {"code": code_donne})


def test_le_second_facteur_se_demande_ici(sans_second: Navigateur, monde: Monde, journaux: Journaux) -> None:
    page = entrer(sans_second)
    assert (page.chemin, page.statut) == ("/connexion/code", 200)
    assert "Rester connecté 14 jours" not in page.texte
    with lier(monde.a):
        assert "eyJ" not in str(dict(sans_second.client("alpha.localhost").session.items()))
    assert donner(sans_second, "000000").statut == 422
    assert not sans_second.est_connecte(monde.a)

    arrivee = donner(sans_second, code())

    assert (arrivee.chemin, arrivee.statut) == ("/usagers", 200)
    assert "Idec Essai" in arrivee.texte
    with lier(monde.a):
        session = Session.objects.exclude(fournisseur="").get()
        assert session.moyen == "oidc"
        assert session.jetons is not None
    reussies = [d for c, d in journaux.structure() if c == "identity.connexion.reussie"]
    assert [d["moyen"] for d in reussies] == ["oidc"]


def test_un_fournisseur_retire_pendant_le_second_facteur_n_ouvre_rien(
    sans_second: Navigateur, monde: Monde
) -> None:
    entrer(sans_second)
    with lier(monde.a):
        FournisseurOidc.objects.update(actif=False)

    assert donner(sans_second, code()).statut == 403
    assert not sans_second.est_connecte(monde.a)


def test_une_identite_non_verifiee_n_entre_pas_par_l_organisme(
    navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    """The structure's directory proves an account, not who somebody is."""
    relier(navigateur, monde, organisme)
    with lier(monde.a):
        Compte.objects.filter(identifiant="idec").update(identite_verifiee_a=None)

    page = entrer(navigateur)

    assert page.statut == 403
    assert "Votre identité doit encore être vérifiée" in page.texte
    assert not navigateur.est_connecte(monde.a)


def test_l_identite_d_un_autre_compte_ne_se_relie_pas(
    navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    relier(navigateur, monde, organisme, "idec")

    assert relier(navigateur, monde, organisme, "alice").statut == 409
    with lier(monde.a):
        assert LienOidc.objects.get().compte.identifiant == "idec"


def test_retirer_le_lien_ferme_la_porte(navigateur: Navigateur, organisme: Any, monde: Monde) -> None:
    relier(navigateur, monde, organisme)
    client = client_de(monde.a, "idec")
    assert client.post(f"/mon-compte/connexions/oidc/{organisme.pk}/retirer").status_code == 302

    assert entrer(navigateur).statut == 403


def test_un_fournisseur_retire_ne_propose_plus_rien(
    navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    with lier(monde.a):
        FournisseurOidc.objects.update(actif=False)

    assert navigateur.aller(f"http://alpha.localhost/connexion/oidc/{organisme.pk}/depart").statut == 404


def test_la_reponse_d_un_autre_fournisseur_ne_prend_pas_la_tentative(
    navigateur: Navigateur, organisme: Any, solenn: Any, monde: Monde
) -> None:
    """Mix-up: the answer meant for Pro Santé Connect, brought to the other's address, and its reverse."""
    de_psc = navigateur.reponse_du_fournisseur()
    croisee = de_psc.replace("http://localhost/psc/retour", "http://alpha.localhost/connexion/oidc/retour")

    assert navigateur.aller(croisee).statut == 403


def test_un_ordre_de_sortie_du_fournisseur_de_la_structure(
    navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    relier(navigateur, monde, organisme)
    entrer(navigateur)
    with lier(monde.a):
        sid = Session.objects.exclude(fournisseur="").get().sid
    adresse = f"/connexion/oidc/{organisme.pk}/deconnexion"

    faux = navigateur.pair.ordre_de_sortie(sid=sid)  # meant for our other client
    assert client_de(monde.a).post(adresse, {"logout_token": faux}).status_code == 400
    bon = navigateur.pair.ordre_de_sortie(sid=sid, aud=CLIENT_ORGANISME)
    assert client_de(monde.a).post(adresse, {"logout_token": bon}).status_code == 200

    assert navigateur.aller("http://alpha.localhost/usagers").chemin == "/connexion"


def test_le_secret_est_scelle(organisme: Any, monde: Monde) -> None:
    with lier(monde.a):
        assert SECRET.encode() not in bytes(FournisseurOidc.objects.get().secret)


def test_la_direction_configure_essaie_et_lit_ce_qui_ne_va_pas(
    pair: Pair, monde: Monde, journaux: Journaux
) -> None:
    direction = client_de(monde.a, "direction")
    envoi = {k: v for k, v in valeurs(pair).items() if v not in (False, "")} | {"actif": "on"}

    cree = direction.post("/reglages/fournisseurs-identite/nouveau", envoi)
    fiche = cree["Location"]
    page = direction.get(fiche).content.decode()
    assert "http://alpha.localhost/connexion/oidc/retour" in page
    assert SECRET not in page
    assert "Le fournisseur répond comme il faut" in direction.post(f"{fiche}/essayer").content.decode()

    direction.post(fiche, envoi | {"issuer": f"{pair.issuer}/", "secret": ""})
    essai = direction.post(f"{fiche}/essayer").content.decode()
    assert "Le document de découverte nomme un autre émetteur" in essai
    with lier(monde.a):
        ligne = FournisseurOidc.objects.get()
        assert ligne.secret  # an empty field keeps it
    assert [c for c, _ in journaux.structure()] == [
        "identity.fournisseur.creer", "identity.fournisseur.essayer", "identity.fournisseur.modifier", "identity.fournisseur.essayer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"issuer": "http://id.exemple.test"}, "Donnez une adresse en https"),
        ({"acr": "", "amr": ""}, "Dites ce que le fournisseur doit affirmer"),
        ({"scopes": "profile"}, "Les portées comprennent toujours"),
        ({"revendication": "a b"}, "Donnez le nom d’une revendication"),
        ({"nom": ""}, "obligatoire"),
    ],
)
def test_une_configuration_dangereuse_est_refusee(
    changes: dict[str, str], phrase: str, pair: Pair, monde: Monde
) -> None:
    envoi = {k: v for k, v in valeurs(pair).items() if v not in (False, "")} | {"actif": "on"} | changes

    reponse = client_de(monde.a, "direction").post("/reglages/fournisseurs-identite/nouveau", envoi)

    assert reponse.status_code == 422
    assert phrase in reponse.content.decode()
    with lier(monde.a):
        assert not FournisseurOidc.objects.exists()


def test_seule_la_direction_configure(monde: Monde) -> None:
    for qui in ("alice", "idec", "accueil", "awa"):
        assert client_de(monde.a, qui).get("/reglages/fournisseurs-identite").status_code == 403, qui


def test_plusieurs_fournisseurs_se_choisissent(pair: Pair, organisme: Any, monde: Monde) -> None:
    with lier(monde.a):
        FournisseurOidc.objects.create(
            nom="Autre", issuer="https://a.test", decouverte="https://a.test/d", client_id="x", actif=True
        )

    page = client_de(monde.a).get("/connexion/oidc").content.decode()

    assert "Compte de l’association" in page
    assert "Autre" in page


def test_un_compte_a_un_seul_facteur_ne_relie_pas(
    navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    connecter(navigateur, monde, "idec", Moyen.SECOURS)

    assert (
        navigateur.poster(f"http://alpha.localhost/mon-compte/connexions/oidc/{organisme.pk}").statut == 409
    )
