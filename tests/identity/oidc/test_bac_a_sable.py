"""Our own sandbox: offline, honest about what it is, strict enough that a fault shows before the real one does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from config.lanceur.bac_a_sable_psc.serveur import CHEMIN, PROTOCOLE
from config.lanceur.reglages import Reglages
from plateforme.identity.oidc import decouverte
from plateforme.tenancy.courant import lier
from tests.identity.oidc.conftest import Navigateur
from tests.pairs.oidc.pair import Pair, port_libre
from tests.pairs.oidc.personnes import SOLENN
from tests.support.monde import Monde

RACINE = Path(__file__).resolve().parents[3]
CLIENT = {"PSC_CLIENT_ID": "treille-essai", "PSC_CLIENT_SECRET": "secret-du-pair-d-essai-0123456789"}
PERSONNES = [
    {
        "identifiant": SOLENN,
        "prenom": "Idec",
        "nom": "Essai",
        "role": "idec",
        "libelle": "infirmier coordinateur",
    }
]


class AuBacASable(Navigateur):
    """Chooses its name on the sandbox's page, as a person would."""

    def _demander(self, url: str) -> Any:
        if url.startswith(self.pair.racine) and "/auth?" in url and "qui=" not in url:
            page = self.chez_le_pair.get(url)
            if page.status_code == 200:
                assert "Bac à sable Pro Santé Connect (démonstration)" in page.text
                assert f"identifiant {SOLENN}" in page.text
                url += "&" + urlencode({"qui": SOLENN})
        return super()._demander(url)


@pytest.fixture
def bac(tmp_path: Path, settings: Any) -> Iterator[Pair]:
    (tmp_path / "demo_psc.json").write_text(json.dumps(PERSONNES), encoding="utf-8")
    port = port_libre()
    env = {
        **os.environ,
        **CLIENT,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONPATH": str(RACINE / "platform"),
    }
    commande = [sys.executable, "-m", "config.lanceur.bac_a_sable_psc", "--port", str(port)]
    processus = subprocess.Popen(
        [*commande, "--donnees", str(tmp_path), "--reseau", "http://localhost"], env=env, text=True
    )
    bac = _Bac(port, processus)
    settings.PSC_CLIENT_ID, settings.PSC_CLIENT_SECRET = CLIENT.values()
    settings.PSC_ISSUER, settings.PSC_DECOUVERTE = bac.issuer, bac.decouverte
    decouverte.oublier()
    try:
        _attendre(bac)
        yield bac
    finally:
        bac.arreter()
        decouverte.oublier()


class _Bac(Pair):
    @property
    def racine(self) -> str:
        return f"http://localhost:{self.port}"


def _attendre(bac: Pair) -> None:
    transport = httpx.HTTPTransport(retries=8)
    with httpx.Client(transport=transport) as client:
        assert client.get(bac.decouverte).status_code == 200


@pytest.fixture
def visiteur(bac: Pair) -> AuBacASable:
    return AuBacASable(bac, SOLENN)


def test_le_bac_a_sable_ouvre_la_session(visiteur: AuBacASable, solenn: Any, monde: Monde) -> None:
    page = visiteur.entrer()

    assert page.statut == 200
    assert "Idec Essai" in page.texte


def test_le_bac_a_sable_renouvelle_et_ferme(
    visiteur: AuBacASable, solenn: Any, monde: Monde, settings: Any
) -> None:
    from plateforme.identity.models import Session

    settings.OIDC_RAFRAICHIR_SECONDES = 0
    visiteur.entrer()
    with lier(monde.a):
        avant = bytes(Session.objects.get(compte_id=solenn.pk).jetons)
    assert "Idec Essai" in visiteur.aller("http://alpha.localhost/usagers").texte
    with lier(monde.a):
        assert bytes(Session.objects.get(compte_id=solenn.pk).jetons) != avant

    fin = visiteur.poster("http://alpha.localhost/deconnexion")

    assert fin.url == "http://alpha.localhost/connexion"
    # The sandbox's session is closed too: it asks again who one is.
    page = visiteur.chez_le_pair.get(
        visiteur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="/protocol/").url
    )
    assert "Bac à sable Pro Santé Connect" in page.text


def test_annuler_est_une_page_claire(visiteur: AuBacASable, monde: Monde) -> None:
    depart = visiteur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="/protocol/").url
    retour = visiteur.chez_le_pair.get(depart + "&annuler=1").headers["location"]

    page = visiteur.aller(retour)

    assert page.statut == 403
    assert "La connexion par Pro Santé Connect a été interrompue" in page.texte


def test_la_decouverte_a_la_forme_de_celle_du_vrai_pair(bac: Pair, pair: Pair) -> None:
    """Same paths, same promises where both speak; the certified provider says more."""
    bacs, vraie = httpx.get(bac.decouverte).json(), httpx.get(pair.decouverte).json()

    assert set(bacs) <= set(vraie)
    for nom in (
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
    ):
        assert bacs[nom].removeprefix(bac.racine) == vraie[nom].removeprefix(pair.racine), nom
    for nom in ("response_types_supported", "code_challenge_methods_supported"):
        assert set(bacs[nom]) <= set(vraie[nom]), nom
    assert bacs["authorization_response_iss_parameter_supported"] is True
    assert vraie["authorization_response_iss_parameter_supported"] is True


@pytest.mark.parametrize(
    ("changes", "statut"),
    [
        ({"client_id": "un-autre"}, 400),
        ({"redirect_uri": "http://mal.exemple/psc/retour"}, 400),
        ({"code_challenge": ""}, 302),
        ({"code_challenge_method": "plain"}, 302),
        ({"response_type": "token"}, 302),
    ],
)
def test_le_bac_a_sable_refuse_une_demande_mal_faite(changes: dict[str, str], statut: int, bac: Pair) -> None:
    bonne = {
        "client_id": "treille-essai", "redirect_uri": "http://localhost/psc/retour", "response_type": "code", "scope": "openid scope_all",
        "state": "s", "nonce": "n", "code_challenge": "x" * 43, "code_challenge_method": "S256", "qui": SOLENN,
    }  # fmt: skip

    reponse = httpx.get(f"{bac.racine}{PROTOCOLE}/auth", params={**bonne, **changes})

    assert reponse.status_code == statut
    if statut == 302:
        assert "error=invalid_request" in reponse.headers["location"]
        assert "code=" not in reponse.headers["location"]


def test_le_bac_a_sable_refuse_un_autre_secret_et_un_code_inconnu(bac: Pair) -> None:
    adresse = f"{bac.racine}{PROTOCOLE}/token"
    demande = {"grant_type": "authorization_code", "code": "x", "redirect_uri": "http://localhost/psc/retour"}

    assert httpx.post(adresse, data=demande).status_code == 401
    assert httpx.post(adresse, data=demande, auth=("treille-essai", "faux")).status_code == 401
    inconnu = httpx.post(adresse, data=demande, auth=(CLIENT["PSC_CLIENT_ID"], CLIENT["PSC_CLIENT_SECRET"]))
    assert (inconnu.status_code, inconnu.json()) == (400, {"error": "invalid_grant"})


def test_le_bac_a_sable_n_ecoute_que_cette_machine(bac: Pair) -> None:
    lignes = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ecoutes = {
        x.split()[1].split(":")[0]
        for x in lignes
        if int(x.split()[1].split(":")[1], 16) == bac.port and x.split()[3] == "0A"
    }

    assert ecoutes == {"0100007F"}


def test_le_bac_a_sable_refuse_la_production(tmp_path: Path) -> None:
    env = {
        **os.environ,
        **CLIENT,
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "PYTHONPATH": str(RACINE / "platform"),
    }
    fini = subprocess.run(
        [sys.executable, "-m", "config.lanceur.bac_a_sable_psc", "--port", "1", "--donnees", str(tmp_path), "--reseau", "http://localhost"],
        env=env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert fini.returncode == 2
    assert "ne sert pas en production" in fini.stderr


def test_les_reglages_de_production_refusent_le_bac_a_sable() -> None:
    env = {
        **os.environ,
        "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'platform'}",
        "TREILLE_SECRET_KEY": "x" * 60,
        "PSC_ISSUER": f"http://localhost:8001{CHEMIN}",
    }
    fini = subprocess.run(
        [sys.executable, "-c", "import config.settings.prod"],
        env=env, cwd=RACINE, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert fini.returncode != 0
    assert "n’est pas en https" in fini.stderr


@pytest.mark.parametrize(
    ("env", "attendu"),
    [
        ({}, True),
        ({"TREILLE_DEMO": "non"}, False),
        ({"PSC_CLIENT_ID": "le-vrai"}, False),
        ({"DJANGO_SETTINGS_MODULE": "config.settings.prod"}, False),
        ({"TREILLE_DOMAINE": "treille.exemple"}, False),
    ],
)
def test_le_bac_a_sable_n_accompagne_que_la_demonstration(env: dict[str, str], attendu: bool) -> None:
    assert Reglages.lire(env).bac_a_sable_psc is attendu
