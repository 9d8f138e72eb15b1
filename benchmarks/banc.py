"""What every benchmark shares: a durable cluster of its own, timers, one way of printing."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Environnement:
    """Addresses of the run's servers."""

    url: str
    url_ddl: str
    redis: str


@contextmanager
def serveurs() -> Iterator[Environnement]:
    """PostgreSQL with fsync on and Valkey, in a temporary folder; stopped and erased at the end."""
    from config.lanceur.ephemere import valkey_ephemere
    from config.lanceur.postgres import GrappePostgres

    grappe = GrappePostgres(Path(tempfile.mkdtemp(prefix="treille-banc-")), durable=True)
    try:
        grappe.demarrer()
        with valkey_ephemere() as valkey:
            yield Environnement(grappe.url("treille_app"), grappe.url("treille_ddl"), valkey.url())
    finally:
        grappe.detruire()


def configurer(env: Environnement) -> None:
    """Django of this process, on the run's servers."""
    os.environ.update(
        DATABASE_URL=env.url, DATABASE_DDL_URL=env.url_ddl, REDIS_URL=env.redis, TREILLE_LOG="ERROR",
        DJANGO_SETTINGS_MODULE="config.settings.test", TREILLE_DATA=tempfile.mkdtemp(prefix="treille-banc-donnees-"),
    )  # fmt: skip
    import django

    django.setup()


def dans_un_processus(module: str, *arguments: str, **environnement: str) -> str:
    """Run ``python -m module`` (a peer with other settings) and return what it printed."""
    chemins = f"{RACINE}{os.pathsep}{RACINE / 'platform'}"
    fini = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=RACINE, env={**os.environ, "PYTHONPATH": chemins, **environnement}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if fini.returncode:
        raise RuntimeError(f"{module} : {fini.stderr[-2000:]}")
    return fini.stdout.strip().splitlines()[-1]


def ouvrir_une_structure(nom: str, rang: int):
    """A structure of its own for a suite; ``rang`` makes its FINESS numbers."""
    from stdnum import luhn

    from plateforme.core.identifiers import Finess
    from tenants.models import Profil
    from tenants.services import ouverture

    def numero(racine: str) -> Finess:
        return Finess.lire(racine + luhn.calc_check_digit(racine))

    structure, _ = ouverture.ouvrir(
        raison_sociale=f"Banc {nom}",
        finess_et=numero(f"2302{rang:04d}"),
        finess_ej=numero(f"2302{9999 - rang:04d}"),
        commune="Guéret",
        profil=Profil.DOMICILE,
    )
    return structure


def mesurer(acte: Callable[[], object], fois: int) -> list[float]:
    """Wall time of each call, in milliseconds."""
    durees = []
    for _ in range(fois):
        debut = time.perf_counter()
        acte()
        durees.append((time.perf_counter() - debut) * 1000)
    return durees


def p50(durees: list[float]) -> float:
    return statistics.median(durees)


def p95(durees: list[float]) -> float:
    return sorted(durees)[max(0, round(len(durees) * 0.95) - 1)]


_echecs: list[str] = []


def dire(nom: str, valeur: str, *, but: str = "", tenu: bool | None = None) -> None:
    """One line of the report. ``tenu`` None: a figure without a goal."""
    marque = {True: "tenu", False: "MANQUÉ", None: ""}[tenu]
    print(f"  {nom:<58} {valeur:>20}   {but:<24} {marque}", flush=True)
    if tenu is False:
        _echecs.append(nom)


def bilan() -> int:
    print(f"\n{len(_echecs)} but(s) manqué(s)" + (f" : {', '.join(_echecs)}" if _echecs else "."))
    return 1 if _echecs else 0
