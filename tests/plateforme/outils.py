"""Waiting without sleeping blindly, and the product's own processes started for a test."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from config.lanceur.service import Service
from plateforme.outbox import services
from plateforme.outbox.models import Message

RACINE = Path(__file__).resolve().parents[2]


def attendre(condition: Callable[[], Any], delai: float = 10, quoi: str = "") -> Any:
    """The first true value of ``condition``; fails loudly after ``delai`` seconds."""
    fin = time.monotonic() + delai
    while not (vu := condition()):
        assert time.monotonic() < fin, f"toujours pas après {delai} s : {quoi or condition}"
        threading.Event().wait(0.02)
    return vu


@contextlib.contextmanager
def consommateur(genre: str, traiter: Callable[[Message], Any], nom: str = "essai") -> Iterator[None]:
    """A consumer for the time of a block."""
    services.consommer(nom, genre, traiter)
    try:
        yield
    finally:
        services._consommateurs[genre] = [c for c in services._consommateurs[genre] if c.nom != nom]


def environnement(**variables: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{RACINE}:{RACINE / 'platform'}",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "TREILLE_SECRET_KEY": "essai-" + "x" * 50,
        **variables,
    }


@contextlib.contextmanager
def processus(nom: str, *commande: str, env: dict[str, str], dossier: Path) -> Iterator[Service]:
    """A long-running command of the product, stopped at the end of the block."""
    service = Service(
        nom,
        nom,
        [sys.executable, *commande],
        env=env,
        cwd=RACINE,
        journal=dossier / f"{nom}.log",
        delai_arret=8,
    )
    service.demarrer()
    try:
        yield service
    finally:
        service.arreter()


def relais(env: dict[str, str], dossier: Path) -> contextlib.AbstractContextManager[Service]:
    return processus("relais", "manage.py", "relayer", env=env, dossier=dossier)


TRAVAILLEUR = (
    "-m", "celery", "-A", "config.celery:app", "worker", "--without-mingle", "--without-gossip",
    "--without-heartbeat", "--loglevel", "INFO",
)  # fmt: skip


def travailleur(env: dict[str, str], dossier: Path) -> contextlib.AbstractContextManager[Service]:
    return processus("taches", *TRAVAILLEUR, "--pool", "solo", env=env, dossier=dossier)
