"""``envois.js`` in a real Chromium, against a service that loses answers, expires sessions and changes hands."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

import plateforme.terrain

pytestmark = pytest.mark.navigateur
SCRIPT = Path(plateforme.terrain.__file__).parent / "static" / "terrain" / "envois.js"
PAGE = """<!doctype html><html lang="fr"><title>Essai</title><body data-compte="{compte}">
<script type="module">import {{ envois }} from "/envois.js"; window.envois = envois; await envois.demarrer();
document.title = "prêt";</script></body></html>"""


class Service:
    """The server as the phone knows it: ``compte`` signed in, events kept once by id, answers sometimes lost."""

    def __init__(self) -> None:
        self.compte: str | None = "awa"
        self.recus: dict[str, dict[str, Any]] = {}
        self.envois = 0
        self.perdre = 0
        self.verdict = "accepte"

    def recevoir(self, corps: dict[str, Any]) -> dict[str, Any]:
        self.envois += 1
        resultats = []
        for e in corps["evenements"]:
            verdict = "doublon" if e["id"] in self.recus else self.verdict
            self.recus.setdefault(e["id"], e)
            resultats.append({"id": e["id"], "verdict": verdict, "code": "", "phrase": "Illisible."})
        return {"resultats": resultats}


def _guichet(service: Service) -> type[BaseHTTPRequestHandler]:
    class Guichet(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

        def _repondre(self, statut: int, corps: Any, genre: str = "application/json") -> None:
            octets = corps.encode() if isinstance(corps, str) else json.dumps(corps).encode()
            self.send_response(statut)
            self.send_header("Content-Type", f"{genre}; charset=utf-8")
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)

        def do_GET(self) -> None:
            if self.path == "/envois.js":
                self._repondre(200, SCRIPT.read_text(), "text/javascript")
            elif self.path == "/api/v1/session":
                statut = 200 if service.compte else 401
                self._repondre(statut, {"compte": service.compte, "csrf": "jeton", "maintenant": 0})
            else:
                self._repondre(200, PAGE.format(compte=self.path.strip("/") or "awa"), "text/html")

        def do_POST(self) -> None:
            lu = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            corps = service.recevoir(lu)
            if service.perdre:
                service.perdre -= 1
                self.close_connection = True  # stored, but nobody will know
                return
            self._repondre(200, corps)

    return Guichet


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def adresse(service: Service) -> Iterator[str]:
    serveur = ThreadingHTTPServer(("127.0.0.1", 0), _guichet(service))
    serveur.daemon_threads = True
    fil = threading.Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    yield f"http://127.0.0.1:{serveur.server_port}"
    serveur.shutdown()
    serveur.server_close()
    fil.join()


@pytest.fixture
def telephone(chromium: Any) -> Iterator[BrowserContext]:
    contexte = chromium.new_context()
    yield contexte
    contexte.close()


def _ouvrir(telephone: BrowserContext, adresse: str, compte: str = "awa") -> Page:
    page = telephone.new_page()
    page.goto(f"{adresse}/{compte}")
    page.wait_for_function("document.title === 'prêt'")
    return page


def _ajouter(page: Page, *mots: str) -> None:
    for mot in mots:
        page.evaluate("(mot) => window.envois.ajouter({ genre: 'essai', donnees: { mot } })", mot)


def _attendre(page: Page, etat: str, nombre: int) -> None:
    page.wait_for_function(
        "([etat, nombre]) => window.envois.etat === etat && window.envois.nombre === nombre",
        arg=[etat, nombre],
    )


def _mots(service: Service) -> list[str]:
    return [e["donnees"]["mot"] for e in service.recus.values()]


def test_les_envois_partent_dans_l_ordre(telephone: BrowserContext, adresse: str, service: Service) -> None:
    page = _ouvrir(telephone, adresse)

    _ajouter(page, "un", "deux", "trois")

    _attendre(page, "a_jour", 0)
    assert _mots(service) == ["un", "deux", "trois"]


def test_hors_connexion_tout_est_garde_chiffre_puis_part(
    telephone: BrowserContext, adresse: str, service: Service
) -> None:
    page = _ouvrir(telephone, adresse)
    telephone.set_offline(True)
    _ajouter(page, "Canari", "deux")
    _attendre(page, "hors_ligne", 2)

    brut = page.evaluate(
        """async () => {
          const base = await new Promise((ok) => { const r = indexedDB.open("treille-terrain"); r.onsuccess = () => ok(r.result); });
          const lire = (magasin) => new Promise((ok) => { const r = base.transaction(magasin).objectStore(magasin).getAll(); r.onsuccess = () => ok(r.result); });
          const [cle] = await lire("meta"), lignes = await lire("boite");
          return { extractable: cle.extractable, texte: lignes.map((l) => new TextDecoder().decode(l.ct)).join("") };
        }"""
    )
    telephone.set_offline(False)

    _attendre(page, "a_jour", 0)
    assert brut["extractable"] is False
    assert "Canari" not in brut["texte"]
    assert _mots(service) == ["Canari", "deux"]


def test_une_reponse_perdue_se_renvoie_sans_double_effet(
    telephone: BrowserContext, adresse: str, service: Service
) -> None:
    page = _ouvrir(telephone, adresse)
    service.perdre = 1

    _ajouter(page, "un")
    _attendre(page, "hors_ligne", 1)
    page.evaluate("window.envois.envoyer()")

    _attendre(page, "a_jour", 0)
    assert (service.envois, _mots(service)) == (2, ["un"])


def test_une_session_expiree_garde_tout(telephone: BrowserContext, adresse: str, service: Service) -> None:
    page = _ouvrir(telephone, adresse)
    service.compte = None

    _ajouter(page, "un")

    _attendre(page, "session", 1)
    service.compte = "awa"
    page.evaluate("window.envois.envoyer()")
    _attendre(page, "a_jour", 0)


def test_la_file_d_awa_attend_qu_awa_revienne(
    telephone: BrowserContext, adresse: str, service: Service
) -> None:
    page = _ouvrir(telephone, adresse)
    telephone.set_offline(True)
    _ajouter(page, "d’Awa")
    _attendre(page, "hors_ligne", 1)
    page.close()
    service.compte = "bruno"
    telephone.set_offline(False)

    chez_bruno = _ouvrir(telephone, adresse, "bruno")
    _attendre(chez_bruno, "autre", 0)
    _ajouter(chez_bruno, "de Bruno")
    _attendre(chez_bruno, "autre", 0)

    assert _mots(service) == ["de Bruno"]
    chez_bruno.close()
    service.compte = "awa"
    _attendre(_ouvrir(telephone, adresse), "a_jour", 0)
    assert _mots(service) == ["de Bruno", "d’Awa"]


def test_une_page_d_awa_ne_part_pas_sous_la_session_de_bruno(
    telephone: BrowserContext, adresse: str, service: Service
) -> None:
    page = _ouvrir(telephone, adresse)
    service.compte = "bruno"

    _ajouter(page, "d’Awa")

    _attendre(page, "autre", 1)
    assert service.recus == {}


def test_un_refus_reste_visible_et_ne_repart_pas(
    telephone: BrowserContext, adresse: str, service: Service
) -> None:
    page = _ouvrir(telephone, adresse)
    service.verdict = "refuse"

    _ajouter(page, "un")

    # Polled from here: an asynchronous predicate is taken for true as soon as it is a promise.
    for _ in range(200):
        if page.evaluate("async () => (await window.envois.lire())[0]?.refuse === 'Illisible.'"):
            break
        page.wait_for_timeout(50)
    avant = service.envois
    assert avant == 1
    page.evaluate("window.envois.envoyer()")
    assert service.envois == avant


def test_la_file_survit_a_la_fermeture_du_telephone(
    telephone: BrowserContext, adresse: str, service: Service
) -> None:
    page = _ouvrir(telephone, adresse)
    service.compte = None
    _ajouter(page, "un", "deux")
    _attendre(page, "session", 2)
    page.close()
    service.compte = "awa"

    _attendre(_ouvrir(telephone, adresse), "a_jour", 0)

    assert _mots(service) == ["un", "deux"]
