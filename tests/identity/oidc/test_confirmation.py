"""Before a sensitive act, a session opened by a provider proves itself there, and keeps what was being sent."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine

from plateforme.core.clock import now
from plateforme.identity.models import FournisseurOidc, Session
from plateforme.tenancy.courant import lier
from tests.identity.oidc.conftest import Etape, Journaux, Navigateur
from tests.identity.oidc.test_fournisseur_de_structure import entrer, relier
from tests.identity.outils import code
from tests.pairs.oidc.personnes import SOLENN, YANN
from tests.support.monde import Monde, compte

SUB = "f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd"


@pytest.fixture
def direction(navigateur: Navigateur, monde: Monde) -> Navigateur:
    """Somebody of the direction, signed in by Pro Santé Connect."""
    with lier(monde.a):
        qui = compte("direction")
        qui.id_national = SOLENN
        qui.save()
    assert navigateur.entrer(suite="/equipe").statut == 200
    return navigateur


@contextmanager
def plus_tard(navigateur: Navigateur, secondes: int = 310) -> Iterator[None]:
    navigateur.pair.regler(decalage=secondes)
    with time_machine.travel(now() + timedelta(seconds=secondes), tick=True):
        yield


def fiche(monde: Monde, qui: str = "awa") -> str:
    with lier(monde.a):
        return f"http://alpha.localhost/equipe/{compte(qui).pk}"


def role(monde: Monde) -> str:
    with lier(monde.a):
        return str(compte("awa").role)


def renvoyer(navigateur: Navigateur, page: Etape) -> Etape:
    """Press the button of the page that gives the typing back."""
    formulaire = re.search(
        r'<form class="formulaire" method="post" action="([^"]+)">(.*?)</form>', page.texte, re.S
    )
    assert formulaire, page.texte
    champs = dict(re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)">', formulaire[2]))
    champs = {nom: html.unescape(valeur) for nom, valeur in champs.items()}
    return navigateur.poster(f"http://alpha.localhost{formulaire[1]}", champs)


def test_la_preuve_se_refait_chez_le_fournisseur_et_la_saisie_revient(
    direction: Navigateur, monde: Monde, journaux: Journaux
) -> None:
    avant = direction.client("alpha.localhost").cookies["treille_session"].value
    with plus_tard(direction):
        page = direction.poster(f"{fiche(monde)}/role", {"role": "aide_soignant"})

        assert (page.statut, page.chemin) == (200, "/connexion/psc")
        assert "Rien n’est encore enregistré" in page.texte
        assert role(monde) == "intervenant"
        demandes = [
            parse_qs(urlsplit(u).query) for u in direction.passees if u.startswith(direction.pair.racine)
        ]
        assert any(d.get("prompt") == ["login"] and d.get("max_age") == ["0"] for d in demandes)

        assert renvoyer(direction, page).statut == 200
        assert role(monde) == "aide_soignant"

    assert direction.client("alpha.localhost").cookies["treille_session"].value == avant  # the same session
    with lier(monde.a):
        assert Session.objects.filter(fournisseur="psc").count() == 1
    codes = [c for c, _ in journaux.structure()]
    assert codes.count("identity.identite.confirmee") == 1
    assert "identity.connexion.reussie" not in codes


def test_un_geste_sans_champ_se_rend_aussi(direction: Navigateur, monde: Monde) -> None:
    with plus_tard(direction):
        renvoyer(direction, direction.poster(f"{fiche(monde)}/etat"))

    with lier(monde.a):
        assert not compte("awa").actif


def test_une_page_demandee_par_lien_revient_apres_la_preuve(direction: Navigateur, monde: Monde) -> None:
    with plus_tard(direction):
        page = direction.aller("http://alpha.localhost/reglages/fournisseurs-identite")

    assert (page.chemin, page.statut) == ("/reglages/fournisseurs-identite", 200)


def test_la_preuve_d_une_autre_personne_ne_confirme_rien(direction: Navigateur, monde: Monde) -> None:
    direction.sub, direction.chez_le_pair = f"{SUB}:{YANN}", httpx.Client(follow_redirects=False)
    with plus_tard(direction):
        page = direction.poster(f"{fiche(monde)}/role", {"role": "aide_soignant"})

        assert page.statut == 403
        assert "pour une autre personne que vous" in page.texte
        assert role(monde) == "intervenant"
        direction.sub, direction.chez_le_pair = f"{SUB}:{SOLENN}", httpx.Client(follow_redirects=False)
        assert (
            "Votre saisie est là" in direction.poster(f"{fiche(monde)}/role", {"role": "x"}).texte
        )  # asked again


@pytest.mark.parametrize("faute", ["preuve-ancienne", "sans-auth-time"])
def test_une_preuve_qui_n_est_pas_fraiche_ne_confirme_rien(
    faute: str, direction: Navigateur, monde: Monde
) -> None:
    with plus_tard(direction):
        direction.pair.regler(faute)
        page = direction.poster(f"{fiche(monde)}/role", {"role": "aide_soignant"})

    assert page.statut == 403
    assert "n’a pas redemandé qui vous êtes" in page.texte
    assert role(monde) == "intervenant"


def test_une_preuve_ancienne_suffit_pour_se_connecter(
    navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    """Near miss: nobody asked the provider to ask again."""
    navigateur.pair.regler("preuve-ancienne")

    assert navigateur.entrer().statut == 200


def test_une_confirmation_que_la_session_n_a_pas_demandee_est_refusee(
    direction: Navigateur, monde: Monde
) -> None:
    """Somebody else's departure, for the same browser: the structure's session knows nothing of it."""
    depart = direction.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="http://localhost/").url
    with plus_tard(direction):
        assert direction.aller(f"{depart}&but=confirmer").statut == 403
        with lier(monde.a):
            session = Session.objects.get(fournisseur="psc")
            assert now() - session.confirmee_a > timedelta(seconds=300)


def test_l_organisme_confirme_ses_propres_sessions(
    navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    relier(navigateur, monde, organisme, "direction")
    entrer(navigateur)
    with plus_tard(navigateur):
        page = navigateur.poster(f"{fiche(monde)}/role", {"role": "aide_soignant"})
        assert page.chemin == "/connexion/oidc/retour"
        renvoyer(navigateur, page)

    assert role(monde) == "aide_soignant"


def test_ou_le_second_facteur_se_demande_ici_la_preuve_aussi(
    navigateur: Navigateur,
    organisme: Any,
    monde: Monde,
) -> None:
    relier(navigateur, monde, organisme, "direction")
    navigateur.pair.regler(amr=["pwd"])
    with lier(monde.a):
        FournisseurOidc.objects.update(second_facteur_local=True)
    entrer(navigateur)
    navigateur.poster("http://alpha.localhost/connexion/code", {"code": code()})
    with plus_tard(navigateur):
        navigateur.pair.regler(amr=["pwd"])
        page = navigateur.poster(f"{fiche(monde)}/role", {"role": "aide_soignant"})
        assert "Confirmez que c’est vous" in page.texte
        assert 'name="_code"' in page.texte
        navigateur.poster(f"{fiche(monde)}/role", {"role": "aide_soignant", "_code": code()})

    assert role(monde) == "aide_soignant"


# -- the same exits as a local sign-in --------------------------------------------------------------
def test_un_nouvel_appareil_est_annonce_puis_reconnu(
    navigateur: Navigateur, solenn: Any, monde: Monde, journaux: Journaux
) -> None:
    navigateur.entrer()
    Navigateur(navigateur.pair, navigateur.sub).entrer()
    navigateur.entrer()

    assert [c for c, _ in journaux.structure()] == [
        "identity.connexion.reussie", "identity.connexion.reussie", "identity.connexion.nouvel_appareil", "identity.connexion.reussie",
    ]  # fmt: skip


def test_la_saisie_d_une_session_expiree_revient_apres_pro_sante_connect(
    direction: Navigateur, monde: Monde
) -> None:
    with lier(monde.a):
        Session.objects.filter(fournisseur="psc").update(finit_a=now())
    page = direction.poster(f"{fiche(monde)}/role", {"role": "aide_soignant"})
    assert "votre saisie vous sera rendue" in page.texte

    rendue = direction.entrer()

    assert "Votre session avait expiré pendant l’envoi" in rendue.texte
    renvoyer(direction, rendue)
    assert role(monde) == "aide_soignant"


def test_pro_sante_connect_vaut_verification_de_l_identite(
    navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    with lier(monde.a):
        solenn.identite_verifiee_a = None
        solenn.save()

    assert navigateur.entrer().statut == 200
