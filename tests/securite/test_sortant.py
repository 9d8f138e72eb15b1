"""The one way out: named hosts, public addresses, no redirection, bounded. Played against a server on loopback."""

import gzip
import http.server
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from plateforme.sortant import ReponseRefusee, SortieMuette, SortieRefusee, demander, hote_de
from tests.support.ports import port

PORT = port(18135)
BASE = f"http://127.0.0.1:{PORT}"


class Serveur(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    vus: list[str] = []

    def do_GET(self) -> None:
        self.vus.append(self.path)
        if self.path == "/ailleurs":
            self._repondre(302, b"", Location=f"{BASE}/bon")
        elif self.path == "/gros":
            self._repondre(200, b"x" * 200_000)
        elif self.path == "/compresse":
            self._repondre(200, gzip.compress(b"x" * 10_000_000), **{"Content-Encoding": "gzip"})
        elif self.path == "/menteur":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 200_000)
            self.close_connection = True
        elif self.path == "/goutte":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(1000):
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return
                threading.Event().wait(0.05)
        elif self.path == "/muet":
            threading.Event().wait(3)
        else:
            self._repondre(200, self.headers.get("X-Essai", "bon").encode())

    def _repondre(self, statut: int, corps: bytes, **entetes: str) -> None:
        self.send_response(statut)
        for nom, valeur in {"Content-Length": str(len(corps)), **entetes}.items():
            self.send_header(nom, valeur)
        self.end_headers()
        self.wfile.write(corps)

    def log_message(self, *_a: Any) -> None:
        return


@pytest.fixture(scope="module")
def serveur() -> Iterator[None]:
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Serveur)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def permis(settings: Any, serveur: None) -> Any:
    settings.SORTANT_HOTES = [
        f"127.0.0.1:{PORT}",
        f"localhost:{PORT}",
        "pair.exemple.fr",
        "2130706433",
        "127.0.0.1",
    ]
    Serveur.vus.clear()
    return settings


def test_un_hote_nomme_repond(permis: Any) -> None:
    reponse = demander("GET", f"{BASE}/bon", entetes={"X-Essai": "salut"})

    assert (reponse.statut, reponse.octets) == (200, b"salut")


@pytest.mark.parametrize(
    "adresse",
    [
        f"http://127.0.0.1:{PORT + 1}/",
        f"http://127.0.0.2:{PORT}/",
        f"http://moi:secret@127.0.0.1:{PORT}/",
        f"http://[::ffff:127.0.0.1]:{PORT}/",
        f"http://0x7f000001:{PORT}/",
        f"http://127.1:{PORT}/",
        "http://pair.exemple.fr/",
        "https://pair.exemple.fr.pirate.fr/",
        "https://autre.exemple.fr/",
        "https://pair.exemple.fr:8443/",
        "https://pair.exemple.fr@pirate.fr/",
        "ftp://pair.exemple.fr/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//pair.exemple.fr/",
        "",
        "http://",
        "https://pair.exemple.fr\r\nHost: x/",
    ],
    ids=lambda adresse: re.sub(r"1\d{4}", "port", adresse) or "vide",
)
def test_ce_qui_n_est_pas_nomme_n_est_pas_appele(permis: Any, adresse: str) -> None:
    with pytest.raises(SortieRefusee):
        demander("GET", adresse)
    assert Serveur.vus == []


@pytest.mark.parametrize(
    "ip",
    [
        "10.0.0.1", "172.16.3.4", "192.88.99.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "192.0.0.8", "198.18.0.1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
    ],
)  # fmt: skip
def test_un_nom_qui_mene_a_une_adresse_privee_est_refuse(
    permis: Any, monkeypatch: pytest.MonkeyPatch, ip: str
) -> None:
    """Even beside one that is allowed: a resolver that answers both is up to something."""
    famille = socket.AF_INET6 if ":" in ip else socket.AF_INET
    fiches = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", PORT + 3)),
        (famille, socket.SOCK_STREAM, 6, "", (ip, 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: fiches)

    with pytest.raises(SortieRefusee):
        demander("GET", "https://pair.exemple.fr/")


def test_le_nom_n_est_resolu_qu_une_fois_et_c_est_cette_adresse_qui_est_appelee(
    permis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: a good answer first, another one afterwards. There is no afterwards."""
    reponses = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", PORT))]]
    vrai = socket.getaddrinfo

    def resolveur(hote: Any, *autres: Any, **options: Any) -> Any:
        if hote != "localhost":
            return vrai(hote, *autres, **options)
        return reponses.pop()

    monkeypatch.setattr(socket, "getaddrinfo", resolveur)

    assert demander("GET", f"http://localhost:{PORT}/bon").statut == 200
    assert reponses == []


def test_un_nombre_est_une_adresse_et_elle_est_jugee(permis: Any) -> None:
    permis.SORTANT_LOCAL = False
    for adresse in ("https://2130706433/", "https://127.0.0.1/"):
        with pytest.raises(SortieRefusee):
            demander("GET", adresse)


def test_en_production_http_est_refuse_meme_pour_un_hote_nomme(permis: Any) -> None:
    permis.SORTANT_LOCAL = False

    with pytest.raises(SortieRefusee):
        demander("GET", f"{BASE}/bon")
    assert Serveur.vus == []


def test_un_hote_d_un_reglage_est_admis_pour_cet_appel_seulement(permis: Any) -> None:
    permis.SORTANT_HOTES = []
    hote = hote_de(f"{BASE}/bon")

    assert hote == f"127.0.0.1:{PORT}"
    assert demander("GET", f"{BASE}/bon", hotes=(hote,)).statut == 200
    with pytest.raises(SortieRefusee):
        demander("GET", f"{BASE}/bon")


def test_une_redirection_n_est_pas_suivie(permis: Any) -> None:
    with pytest.raises(ReponseRefusee):
        demander("GET", f"{BASE}/ailleurs")
    assert Serveur.vus == ["/ailleurs"]


@pytest.mark.parametrize("chemin", ["/gros", "/menteur", "/compresse"])
def test_une_reponse_demesuree_est_coupee(permis: Any, chemin: str) -> None:
    with pytest.raises(ReponseRefusee):
        demander("GET", f"{BASE}{chemin}", octets_max=100_000)


def test_une_reponse_juste_au_plafond_passe(permis: Any) -> None:
    assert len(demander("GET", f"{BASE}/gros", octets_max=200_000).octets) == 200_000


@pytest.mark.parametrize("chemin", ["/goutte", "/muet"])
def test_un_pair_lent_ne_retient_pas_plus_que_le_delai(permis: Any, chemin: str) -> None:
    debut = time.monotonic()

    with pytest.raises(SortieMuette):
        demander("GET", f"{BASE}{chemin}", secondes=0.5)
    assert time.monotonic() - debut < 2.5


def test_un_pair_absent_est_muet(permis: Any) -> None:
    permis.SORTANT_HOTES = [f"127.0.0.1:{PORT + 1}"]

    with pytest.raises(SortieMuette):
        demander("GET", f"http://127.0.0.1:{PORT + 1}/")


def test_le_mandataire_de_l_environnement_est_ignore(permis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{PORT + 1}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{PORT + 1}")

    assert demander("GET", f"{BASE}/bon").statut == 200
