"""Departures are counted by address, told in advance when nobody is there, and lead only where the provider says."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client

from plateforme.core.clock import now
from plateforme.identity.oidc import appels, decouverte
from plateforme.identity.oidc.erreurs import RefusOidc
from plateforme.reseau.models import VerrouReseau
from plateforme.tenancy.courant import PUBLIC, lier
from tests.identity.oidc.conftest import Journaux, Navigateur
from tests.support.monde import Monde

DEPART = "/psc/depart"


def partir(
    fois: int, adresse: str = "198.51.100.7", chemin: str = DEPART, hote: str = "localhost"
) -> list[int]:
    client = Client(headers={"host": hote}, REMOTE_ADDR=adresse)
    return [client.get(chemin).status_code for _ in range(fois)]


def test_les_departs_sans_retour_se_comptent_par_adresse(navigateur: Navigateur, monde: Monde) -> None:
    assert partir(60) == [302] * 60

    assert partir(1) == [429]
    assert partir(1, "203.0.113.9") == [302]  # a neighbour leaves
    with time_machine.travel(now() + timedelta(seconds=61), tick=True):
        assert partir(1) == [302]


def test_qui_revient_ne_compte_pas(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    """A whole office behind one address."""
    for _ in range(3):
        assert Navigateur(navigateur.pair, navigateur.sub).entrer().statut == 200

    with lier(PUBLIC):
        assert VerrouReseau.objects.get(cle__startswith="dp:").echecs == 0


def test_les_departs_vers_l_organisme_se_comptent_aussi(
    navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    chemin = f"/connexion/oidc/{organisme.pk}/depart"

    assert partir(60, chemin=chemin, hote="alpha.localhost") == [302] * 60

    assert partir(1, chemin=chemin, hote="alpha.localhost") == [429]
    assert partir(1, chemin="/connexion", hote="alpha.localhost") == [200]


@pytest.mark.parametrize("chez", ["reseau", "organisme"])
def test_les_faux_ordres_de_sortie_se_comptent(
    chez: str, navigateur: Navigateur, organisme: Any, monde: Monde
) -> None:
    hote, chemin = {
        "reseau": ("localhost", "/psc/deconnexion"),
        "organisme": ("alpha.localhost", f"/connexion/oidc/{organisme.pk}/deconnexion"),
    }[chez]
    client = Client(headers={"host": hote}, REMOTE_ADDR="198.51.100.7")

    assert {client.post(chemin, {"logout_token": "a.b.c"}).status_code for _ in range(60)} == {400}

    assert client.post(chemin, {"logout_token": "a.b.c"}).status_code == 429


def test_les_vrais_ordres_ne_s_epuisent_pas(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    client = Client(headers={"host": "localhost"}, REMOTE_ADDR="198.51.100.7")

    for n in range(62):
        jeton = navigateur.pair.ordre_de_sortie(sid=f"session-{n}")
        assert client.post("/psc/deconnexion", {"logout_token": jeton}).status_code == 200


def test_sans_base_rien_ne_part(
    navigateur: Navigateur, monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is down: the door stays shut."""
    connections["default"].execute_wrappers.append(_panne_des_verrous)
    try:
        client = Client(headers={"host": "localhost"}, raise_request_exception=False)
        assert client.get(DEPART).status_code >= 500
    finally:
        connections["default"].execute_wrappers.remove(_panne_des_verrous)


def _panne_des_verrous(executer: Any, requete: Any, params: Any, plusieurs: bool, contexte: Any) -> Any:
    from django.db import OperationalError

    if "reseau_verrou" in str(requete):
        raise OperationalError("arrêtée")
    return executer(requete, params, plusieurs, contexte)


# -- degraded mode -----------------------------------------------------------------------------------
@pytest.mark.parametrize("panne", ["autorisation-panne", "autorisation-muet"])
def test_la_page_du_fournisseur_eteinte_se_dit_avant_de_partir(
    panne: str, navigateur: Navigateur, solenn: Any, monde: Monde, journaux: Journaux
) -> None:
    assert navigateur.entrer().statut == 200  # discovery is known
    decouverte._sondes.clear()
    navigateur.pair.regler(panne)
    avant = navigateur.pair.vus()["autorisation"]

    autre = Navigateur(navigateur.pair, navigateur.sub)
    page, encore = autre.entrer(), autre.entrer()

    for reponse in (page, encore):
        assert (reponse.statut, reponse.chemin) == (503, "/psc/depart")
        assert "Pro Santé Connect ne répond pas. Connectez-vous avec votre compte Treille" in reponse.texte
        assert 'href="http://alpha.localhost/connexion"' in reponse.texte
    assert navigateur.pair.vus()["autorisation"] == avant + 1  # asked once for both
    assert journaux.reseau() == [("identity.oidc.refus", {"motif": "page-muette"})] * 2
    navigateur.pair.regler()
    decouverte._sondes.clear()
    assert autre.entrer().statut == 200


def test_on_n_appelle_que_les_hotes_du_fournisseur(navigateur: Navigateur, monde: Monde) -> None:
    """An address of this very peer, which its configuration does not name."""
    ailleurs = (
        f"http://localhost:{navigateur.pair.port}/auth/realms/esante-wallet/protocol/openid-connect/certs"
    )

    with pytest.raises(RefusOidc) as refus:
        appels.appeler("GET", ailleurs, hotes=[f"127.0.0.1:{navigateur.pair.port}"])

    assert refus.value.motif == "adresse-non-admise"
