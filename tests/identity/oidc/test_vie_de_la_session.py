"""A session that rests on a provider: asked again, closed when refused, carried on when the provider is down, signed out both ways."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from plateforme.core.clock import now
from plateforme.identity.models import Session
from plateforme.reseau.models import JetonVu
from plateforme.tenancy.courant import PUBLIC, lier
from tests.identity.oidc.conftest import Etape, Journaux, Navigateur
from tests.pairs.oidc.pair import Pair
from tests.support.monde import Monde

ACCUEIL = "http://alpha.localhost/usagers"
BANDEAU = "Pro Santé Connect ne répond pas. Vous pouvez continuer"


@pytest.fixture
def entree(navigateur: Navigateur, solenn: Any, monde: Monde) -> Navigateur:
    assert navigateur.entrer().statut == 200
    return navigateur


@contextmanager
def plus_tard(pair: Pair, **duree: int) -> Iterator[None]:
    """Both clocks move: ours and the provider's."""
    ecart = timedelta(**duree)
    pair.regler(decalage=int(ecart.total_seconds()))
    with time_machine.travel(now() + ecart, tick=True):
        yield


@pytest.fixture
def cinq_minutes_apres(entree: Navigateur) -> Iterator[None]:
    with plus_tard(entree.pair, minutes=5):
        yield


def reste_connecte(page: Etape) -> bool:
    return page.statut == 200 and page.chemin == "/usagers" and "Idec Essai" in page.texte


def jetons(monde: Monde, compte_id: Any) -> bytes:
    with lier(monde.a):
        return bytes(Session.objects.get(compte_id=compte_id).jetons)


def test_les_jetons_sont_renouveles_apres_quelques_minutes_d_activite(
    entree: Navigateur, solenn: Any, monde: Monde
) -> None:
    avant, demandes = jetons(monde, solenn.pk), entree.pair.vus()["jeton"]
    assert reste_connecte(entree.aller(ACCUEIL))
    assert entree.pair.vus()["jeton"] == demandes  # too early

    with plus_tard(entree.pair, minutes=5):
        assert reste_connecte(entree.aller(ACCUEIL))
        assert reste_connecte(entree.aller(ACCUEIL))

    assert entree.pair.vus()["jeton"] == demandes + 1
    assert jetons(monde, solenn.pk) != avant


def test_une_page_qui_se_rafraichit_seule_n_est_pas_une_activite(
    entree: Navigateur, cinq_minutes_apres: None
) -> None:
    demandes = entree.pair.vus()["jeton"]

    entree.client("alpha.localhost").get("/usagers", headers={"X-Rafraichissement": "1"})

    assert entree.pair.vus()["jeton"] == demandes


def test_un_refus_du_fournisseur_ferme_la_session(
    entree: Navigateur, solenn: Any, monde: Monde, journaux: Journaux
) -> None:
    """The provider's session is ended there; our next question is answered by invalid_grant."""
    _fermer_chez_le_fournisseur(entree, monde, solenn)

    with plus_tard(entree.pair, minutes=5):
        page = entree.aller(ACCUEIL)

    assert page.chemin == "/connexion"
    assert "Votre session a expiré" in page.texte
    with lier(monde.a):
        assert not Session.objects.filter(compte_id=solenn.pk).exists()
    assert ("identity.oidc.fermeture", {"fournisseur": "psc", "motif": "refus"}) in journaux.structure()


def _fermer_chez_le_fournisseur(navigateur: Navigateur, monde: Monde, solenn: Any) -> None:
    """Use the refresh token twice: reuse of a rotated token revokes the whole grant at the provider."""
    import json

    import httpx

    from plateforme.chiffrement import coffre
    from tests.pairs.oidc.pair import CLIENT, SECRET

    with lier(monde.a):
        scelle = Session.objects.get(compte_id=solenn.pk).jetons
        gardes = json.loads(coffre.ouvrir(scelle, f"identity.session.jetons:{solenn.pk}"))
    adresse = f"{navigateur.pair.issuer}/protocol/openid-connect/token"
    demande = {"grant_type": "refresh_token", "refresh_token": gardes["refresh"]}
    for attendu in (200, 400):
        assert httpx.post(adresse, data=demande, auth=(CLIENT, SECRET)).status_code == attendu


@pytest.mark.parametrize("faute", ["jeton-panne", "jeton-muet", "jeton-illisible", "jeton-refus"])
def test_un_fournisseur_en_panne_laisse_la_session_aller_a_sa_limite(
    faute: str, entree: Navigateur, solenn: Any, monde: Monde, journaux: Journaux, cinq_minutes_apres: None
) -> None:
    entree.pair.regler(faute)

    premiere, seconde = entree.aller(ACCUEIL), entree.aller(ACCUEIL)

    for page in (premiere, seconde):
        assert reste_connecte(page)
        assert BANDEAU in page.texte
    assert journaux.structure() == [("identity.oidc.degrade", {"fournisseur": "psc"})]  # once


def test_le_bandeau_s_en_va_quand_le_fournisseur_revient(
    entree: Navigateur, monde: Monde, cinq_minutes_apres: None
) -> None:
    entree.pair.regler("jeton-panne")
    assert BANDEAU in entree.aller(ACCUEIL).texte
    entree.pair.regler(decalage=390)

    with time_machine.travel(now() + timedelta(seconds=90), tick=True):
        page = entree.aller(ACCUEIL)
        assert reste_connecte(page)
        assert BANDEAU not in page.texte


@pytest.mark.parametrize("faute", ["autre-aud", "meme-kid-autre-cle", "alg-none", "autre-iss"])
def test_un_renouvellement_signe_par_un_autre_ferme_la_session(
    faute: str, entree: Navigateur, solenn: Any, monde: Monde, cinq_minutes_apres: None
) -> None:
    entree.pair.regler(faute)

    assert entree.aller(ACCUEIL).chemin == "/connexion"


def test_l_api_repond_401_quand_le_fournisseur_a_ferme(
    entree: Navigateur, monde: Monde, cinq_minutes_apres: None
) -> None:
    entree.pair.regler("autre-aud")

    reponse = entree.client("alpha.localhost").get("/api/v1/usagers")

    assert reponse.status_code == 401


def test_la_deconnexion_locale_ferme_aussi_chez_le_fournisseur(
    entree: Navigateur, solenn: Any, monde: Monde
) -> None:
    reponse = entree.client("alpha.localhost").post("/deconnexion")

    texte = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Vous êtes déconnecté de Treille" in texte
    assert f"{entree.pair.issuer}/protocol/openid-connect/logout?id_token_hint=" in texte
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fpsc%2Ffin" in texte
    assert "state=" in texte
    assert "no-store" in reponse["Cache-Control"]
    assert reponse["Clear-Site-Data"] == '"cache"'
    with lier(monde.a):
        assert not Session.objects.filter(compte_id=solenn.pk).exists()


def test_le_retour_de_deconnexion_ramene_a_la_structure(entree: Navigateur, monde: Monde) -> None:
    import html
    import re
    from urllib.parse import parse_qs, urlsplit

    texte = entree.client("alpha.localhost").post("/deconnexion").content.decode()
    vers = html.unescape(re.search(r"0; url=([^\"]+)", texte)[1])
    etat = parse_qs(urlsplit(vers).query)["state"][0]

    assert entree.aller(f"http://localhost/psc/fin?state={etat}").url == "http://alpha.localhost/connexion"
    assert entree.aller(f"http://localhost/psc/fin?state={etat}x").chemin == "/psc/fin"


def test_la_deconnexion_locale_n_attend_pas_un_fournisseur_eteint(
    entree: Navigateur, solenn: Any, monde: Monde
) -> None:
    from plateforme.identity.oidc import decouverte

    decouverte.oublier()
    entree.pair.regler("decouverte-panne")

    reponse = entree.client("alpha.localhost").post("/deconnexion")

    assert (reponse.status_code, reponse["Location"]) == (302, "/connexion")
    with lier(monde.a):
        assert not Session.objects.filter(compte_id=solenn.pk).exists()


# -- back-channel ---------------------------------------------------------------------------------
def _sid(monde: Monde, compte_id: Any) -> str:
    with lier(monde.a):
        return str(Session.objects.get(compte_id=compte_id).sid)


def _ordonner(navigateur: Navigateur, jeton: str) -> int:
    return navigateur.client("serveur-a-serveur").post(
        "/psc/deconnexion", {"logout_token": jeton}, headers={"host": "localhost"}
    ).status_code  # fmt: skip


def test_un_ordre_de_sortie_ferme_la_session_a_l_instant(
    entree: Navigateur, solenn: Any, monde: Monde, journaux: Journaux
) -> None:
    jeton = entree.pair.ordre_de_sortie(sid=_sid(monde, solenn.pk), sub=entree.sub)

    assert _ordonner(entree, jeton) == 200

    assert entree.aller(ACCUEIL).chemin == "/connexion"
    assert ("identity.oidc.fermeture", {"fournisseur": "psc", "motif": "sortie"}) in journaux.structure()


def test_un_ordre_qui_ne_nomme_que_la_personne_ferme_ses_sessions(
    entree: Navigateur, solenn: Any, monde: Monde
) -> None:
    assert _ordonner(entree, entree.pair.ordre_de_sortie(sub=entree.sub)) == 200

    assert entree.aller(ACCUEIL).chemin == "/connexion"


def test_un_ordre_pour_une_autre_session_ne_ferme_rien(entree: Navigateur, solenn: Any, monde: Monde) -> None:
    assert _ordonner(entree, entree.pair.ordre_de_sortie(sid="une-autre", sub=entree.sub)) == 200

    assert reste_connecte(entree.aller(ACCUEIL))


def test_un_ordre_rejoue_est_refuse(entree: Navigateur, solenn: Any, monde: Monde) -> None:
    jeton = entree.pair.ordre_de_sortie(sid="une-autre")

    assert [_ordonner(entree, jeton), _ordonner(entree, jeton)] == [200, 400]
    with lier(PUBLIC):
        assert JetonVu.objects.count() == 1


def test_un_ordre_ferme_aussi_le_passage_en_route(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    arrivee = navigateur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="/connexion/psc?").url

    assert _ordonner(navigateur, navigateur.pair.ordre_de_sortie(sub=navigateur.sub)) == 200

    assert navigateur.aller(arrivee).statut == 403


FAUX_ORDRES: dict[str, dict[str, Any]] = {
    "autre-emetteur": {"iss": "https://auth.exemple.test"},
    "autre-destinataire": {"aud": "un-autre-client"},
    "avec-nonce": {"nonce": "x"},
    "sans-evenement": {"events": None},
    "autre-evenement": {"events": {"http://schemas.exemple.test/autre": {}}},
    "evenement-mal-forme": {"events": {"http://schemas.openid.net/event/backchannel-logout": "oui"}},
    "sans-jti": {"jti": None},
    "sans-iat": {"iat": None},
    "ancien": {"iat": 1_700_000_000, "exp": 1_700_000_060},
    "futur": {"iat": 4_000_000_000, "exp": 4_000_000_060},
    "sans-personne": {"sid": None, "sub": None},
}


@pytest.mark.parametrize("changes", FAUX_ORDRES.values(), ids=FAUX_ORDRES)
def test_un_faux_ordre_de_sortie_ne_ferme_rien(
    changes: dict[str, Any], entree: Navigateur, solenn: Any, monde: Monde
) -> None:
    jeton = entree.pair.ordre_de_sortie(**{"sid": _sid(monde, solenn.pk), "sub": entree.sub, **changes})

    assert _ordonner(entree, jeton) == 400
    assert reste_connecte(entree.aller(ACCUEIL))


@pytest.mark.parametrize("jeton", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_un_ordre_illisible_est_refuse(jeton: str, entree: Navigateur, monde: Monde) -> None:
    assert _ordonner(entree, jeton) == 400


def test_un_ordre_signe_par_un_autre_ne_ferme_rien(entree: Navigateur, solenn: Any, monde: Monde) -> None:
    jeton = entree.pair.ordre_de_sortie(cle_etrangere=True, sid=_sid(monde, solenn.pk), sub=entree.sub)

    assert _ordonner(entree, jeton) == 400
    assert reste_connecte(entree.aller(ACCUEIL))


def test_un_jeton_d_identite_vole_n_est_pas_un_ordre(entree: Navigateur, solenn: Any, monde: Monde) -> None:
    import json

    from plateforme.chiffrement import coffre

    with lier(monde.a):
        scelle = Session.objects.get(compte_id=solenn.pk).jetons
        id_token = json.loads(coffre.ouvrir(scelle, f"identity.session.jetons:{solenn.pk}"))["id_token"]

    assert _ordonner(entree, id_token) == 400


def test_une_session_locale_ne_demande_rien_au_fournisseur(pair: Pair, monde: Monde) -> None:
    from tests.support.monde import client_de

    avant = pair.vus().get("jeton", 0)
    with time_machine.travel(now() + timedelta(minutes=5), tick=True):
        client_de(monde.a, "alice").get("/usagers")

    assert pair.vus().get("jeton", 0) == avant
