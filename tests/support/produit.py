"""The whole product in real processes, and real browsers on it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connections

from config.lanceur.postgres import GrappePostgres
from tests.support.monde import MOT_DE_PASSE

RACINE = Path(__file__).resolve().parents[2]
CAPTURES = RACINE / "captures"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True)
class Produit:
    """Addresses of the running product."""

    port: int
    base: str

    def reseau(self, chemin: str = "/") -> str:
        return f"http://localhost:{self.port}{chemin}"

    def structure(self, slug: str, chemin: str = "/") -> str:
        return f"http://{slug}.localhost:{self.port}{chemin}"


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def attendre(condition: Callable[[], Any], quoi: str, delai: float = 30) -> Any:
    fin = time.monotonic() + delai
    while time.monotonic() < fin:
        if trouve := condition():
            return trouve
        time.sleep(0.1)
    raise AssertionError(f"attendu en {delai} s : {quoi}")


def _repond(adresse: str) -> bool:
    try:
        with urllib.request.urlopen(adresse, timeout=2) as reponse:
            return reponse.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def produit(serveurs: GrappePostgres, django_db_setup: None, tmp_path_factory: Any) -> Iterator[Produit]:
    """Web, worker and relay on a copy of the session's base; stopped by their pids."""
    nom, port = "parcours", _port_libre()
    connections.close_all()  # a base is copied while nobody is in it
    serveurs.creer_base(nom, gabarit=settings.DATABASES["default"]["NAME"])
    with psycopg.connect(serveurs.url("treille_ddl", nom), autocommit=True) as connexion:
        # Tests hash cheaply; the product accepts Argon2 only.
        connexion.execute(
            "UPDATE reseau_compte SET password = %s", [make_password(MOT_DE_PASSE, hasher="argon2")]
        )
    donnees = tmp_path_factory.mktemp("produit")
    environnement = {
        **os.environ,
        "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": serveurs.url("treille_app", nom),
        "DATABASE_DDL_URL": serveurs.url("treille_ddl", nom),
        "REDIS_URL": settings.REDIS_URL,
        # The copied base holds secrets sealed with the keys of the tests.
        "TREILLE_SECRET_KEY": settings.SECRET_KEY,
        "TREILLE_CLES_DOSSIER": str(settings.CLES_DOSSIER or Path(settings.TREILLE_DATA) / "cles"),
        "TREILLE_DATA": str(donnees),
        "TREILLE_PORT": str(port),
    }
    commandes = {
        "web": ["-m", "granian", "--interface", "wsgi", "config.wsgi:application", "--host", "127.0.0.1", "--port", str(port),
                "--workers", "1", "--blocking-threads", "4", "--no-ws"],
        "taches": ["-m", "celery", "-A", "config.celery", "worker", "-c", "1", "--without-mingle", "--without-gossip"],
        "relais": ["manage.py", "relayer"],
    }  # fmt: skip
    processus = []
    for role, commande in commandes.items():
        journal = (donnees / f"{role}.log").open("wb")
        processus.append(
            subprocess.Popen(
                [sys.executable, *commande],
                cwd=RACINE,
                env=environnement,
                stdout=journal,
                stderr=subprocess.STDOUT,
            )
        )
    try:
        attendre(lambda: _repond(f"http://127.0.0.1:{port}/livez"), "le serveur web")
        yield Produit(port, nom)
    finally:
        for enfant in processus:
            enfant.terminate()
        for enfant in processus:
            try:
                enfant.wait(15)
            except subprocess.TimeoutExpired:
                enfant.kill()
        serveurs.supprimer_base(nom)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip(
            "CHROMIUM ABSENT : les essais de navigateur ne sont pas joués (paquet Debian « chromium »)"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as pw:
        navigateur = pw.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield navigateur
        navigateur.close()
