"""A whole installation in miniature: the real launcher, real servers, and a product of forty lines."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
LANCEUR = RACINE / "platform" / "config" / "lanceur"

MANAGE = """
import json, os, pathlib, sys, time
donnees = pathlib.Path(os.environ["TREILLE_DATA"])
commande = sys.argv[1]
with (donnees / "appels.txt").open("a") as f:
    adresses = [os.environ[nom] for nom in ("DATABASE_URL", "DATABASE_DDL_URL", "REDIS_URL")]
    f.write(f"{commande} {' '.join(adresses)}\\n")
if (donnees / f"echec-{commande}").exists():
    sys.exit(f"{commande} ne peut pas continuer")
if commande == "charger_demo":
    compte = dict(qui="Alice", url="http://tilleul.localhost", identifiant="alice", mot_de_passe="lune")
    (donnees / "demo.json").write_text(json.dumps([compte]))
while commande == "relayer":
    time.sleep(3600)
"""
WSGI = """
def application(environ, repondre):
    repondre("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""
CELERY = """
import os
os.environ.pop("DJANGO_SETTINGS_MODULE")  # Celery would look for Django
from celery import Celery
adresse = os.environ["REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
app = Celery("essai", broker=adresse)
"""


def _patienter(condition, delai=20.0):
    """Poll until ``condition`` gives something true, and give it back."""
    fin = time.monotonic() + delai
    while time.monotonic() < fin:
        if vu := condition():
            return vu
        time.sleep(0.05)
    raise AssertionError(f"toujours pas vrai après {delai} s")


def _processus_de(marque):
    """Living processes whose command line or environment of launch names ``marque``."""
    trouves = []
    for dossier in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            etat = (dossier / "stat").read_text().rpartition(")")[2].split()[0]
            textes = (dossier / "cmdline").read_bytes() + (dossier / "environ").read_bytes()
            lieu = os.fsencode((dossier / "cwd").readlink())
            if etat != "Z" and int(dossier.name) != os.getpid() and os.fsencode(str(marque)) in textes + lieu:
                trouves.append(int(dossier.name))
    return trouves


@pytest.fixture(scope="session")
def patienter():
    return _patienter


@pytest.fixture(scope="session")
def processus_de():
    return _processus_de


@pytest.fixture
def dossier():
    """Short and reachable by every account, unlike pytest's own folders."""
    chemin = Path(tempfile.mkdtemp(prefix="tl-"))
    chemin.chmod(0o711)
    yield chemin
    shutil.rmtree(chemin, ignore_errors=True)


@pytest.fixture
def port():
    """A free port; parallel workers look in different tens."""
    ouvrier = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    debut = 18100 + ouvrier % 9 * 10
    for candidat in range(debut, debut + 10):
        with socket.socket() as essai, contextlib.suppress(OSError):
            essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            essai.bind(("127.0.0.1", candidat))
            return candidat
    raise AssertionError(f"aucun port libre à partir de {debut}")


class Installation:
    def __init__(self, racine, port):
        self.racine = racine
        self.donnees = racine / ".treille"
        self.port = port
        self.lances = []

    def environnement(self, **plus):
        utiles = {"PATH", "LANG", "HOME", "TMPDIR"}
        env = {nom: valeur for nom, valeur in os.environ.items() if nom in utiles}
        chemins = [self.racine, self.racine / "platform", os.environ.get("PYTHONPATH", "")]
        env |= {"PYTHONPATH": os.pathsep.join(map(str, chemins)), "TREILLE_PORT": str(self.port)}
        return {nom: str(valeur) for nom, valeur in (env | plus).items() if valeur is not None}

    def lancer(self, **env):
        sortie = (self.racine / f"sortie-{len(self.lances)}.txt").open("w+")
        processus = subprocess.Popen(
            [sys.executable, "-m", "config.lanceur"],
            cwd=self.racine, env=self.environnement(**env), stdin=subprocess.DEVNULL,
            stdout=sortie, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        processus.texte = lambda: Path(sortie.name).read_text()
        self.lances.append((processus, sortie))
        return processus

    def pret(self, **env):
        processus = self.lancer(**env)
        _patienter(lambda: "Ctrl-C pour arrêter" in processus.texte() or processus.poll() is not None, 40)
        assert processus.poll() is None, processus.texte()
        return processus

    def fermer(self):
        for processus, sortie in self.lances:
            if processus.poll() is None:
                processus.send_signal(signal.SIGTERM)
                try:
                    processus.wait(30)
                except subprocess.TimeoutExpired:
                    processus.kill()
                    processus.wait()
            sortie.close()


@pytest.fixture
def installation(dossier, port):
    (dossier / "platform" / "config").mkdir(parents=True)
    (dossier / "platform" / "config" / "__init__.py").touch()
    (dossier / "platform" / "config" / "wsgi.py").write_text(WSGI)
    (dossier / "platform" / "config" / "celery.py").write_text(CELERY)
    (dossier / "manage.py").write_text(MANAGE)
    shutil.copytree(
        LANCEUR, dossier / "platform" / "config" / "lanceur", ignore=shutil.ignore_patterns("__pycache__")
    )
    installation = Installation(dossier, port)
    yield installation
    installation.fermer()
