"""The whole product in real processes, and real browsers on it."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

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


def quitter_la_base() -> None:
    """A base is not copied while somebody is in it. Django keeps other connections while Playwright's loop runs."""
    boucle = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        connections.close_all()
    finally:
        asyncio._set_running_loop(boucle)
    connections.close_all()


ROLES = {
    "web": ["-m", "granian", "--interface", "wsgi", "config.wsgi:application", "--host", "127.0.0.1", "--workers", "1",
            "--blocking-threads", "4", "--no-ws"],
    "taches": ["-m", "celery", "-A", "config.celery", "worker", "-c", "1", "--without-mingle", "--without-gossip"],
    "relais": ["manage.py", "relayer"],
}  # fmt: skip


def _file_a_part(base: str) -> str:
    """Two products of one session must not take each other's tasks: each has its own numbered space of the server."""
    return re.sub(r"([?&]db=)\d+", rf"\g<1>{1 + crc32(base.encode()) % 15}", settings.REDIS_URL)


@contextmanager
def en_marche(
    produit: Produit,
    serveurs: GrappePostgres,
    donnees: Path,
    roles: Iterable[str] = tuple(ROLES),
    **environ: str,
) -> Iterator[dict[str, str]]:
    """The processes of ``roles`` on this base, stopped by their pids. Gives their environment."""
    # The copied base holds secrets sealed with the keys of the tests.
    cles = Path(settings.CLES_DOSSIER or settings.TREILLE_DATA / "cles")
    if cles.is_dir():
        shutil.copytree(cles, donnees / "cles", dirs_exist_ok=True)
    environnement = {
        **os.environ,
        "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": serveurs.url("treille_app", produit.base),
        "DATABASE_DDL_URL": serveurs.url("treille_ddl", produit.base),
        "REDIS_URL": _file_a_part(produit.base),
        "TREILLE_SECRET_KEY": settings.SECRET_KEY,
        "TREILLE_DATA": str(donnees),
        "TREILLE_PORT": str(produit.port),
        **environ,
    }
    processus = []
    for role in roles:
        fin = ["--port", str(produit.port)] if role == "web" else []
        with (donnees / f"{role}.log").open("wb") as journal:
            processus.append(
                subprocess.Popen(
                    [sys.executable, *ROLES[role], *fin],
                    cwd=RACINE,
                    env=environnement,
                    stdout=journal,
                    stderr=subprocess.STDOUT,
                )
            )
    try:
        attendre(lambda: _repond(f"http://127.0.0.1:{produit.port}/livez"), "le serveur web")
        yield environnement
    finally:
        for enfant in processus:
            enfant.terminate()
        for enfant in processus:
            try:
                enfant.wait(15)
            except subprocess.TimeoutExpired:
                enfant.kill()


@contextmanager
def copie(serveurs: GrappePostgres, django_db_blocker: Any, nom: str) -> Iterator[Produit]:
    """A base of one's own, and a port to serve it on."""
    with django_db_blocker.unblock():
        quitter_la_base()
    serveurs.creer_base(nom, gabarit=settings.DATABASES["default"]["NAME"])
    yield Produit(_port_libre(), nom)
    serveurs.supprimer_base(nom)


@pytest.fixture(scope="session")
def produit(
    serveurs: GrappePostgres, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Produit]:
    """Web, worker and relay on a copy of the session's base."""
    with copie(serveurs, django_db_blocker, "parcours") as produit:
        with psycopg.connect(serveurs.url("treille_ddl", produit.base), autocommit=True) as connexion:
            # Tests hash cheaply; the product accepts Argon2 only.
            connexion.execute(
                "UPDATE reseau_compte SET password = %s", [make_password(MOT_DE_PASSE, hasher="argon2")]
            )
        with en_marche(produit, serveurs, tmp_path_factory.mktemp("produit")):
            yield produit


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
