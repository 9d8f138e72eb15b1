"""What ``make`` needs: ``python -I installation.py base``, ``dev``, ``navigateur`` or ``nettoyer [donnees]``.

Runs before anything is installed, so the standard library only. A call with nothing to do takes milliseconds;
one that was interrupted is taken up again by the next.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Generator
from pathlib import Path

RACINE = Path(__file__).resolve().parents[3]
VENV = RACINE / ".venv"
PYTHON = VENV / "bin" / "python"
UV = "0.13.9"
NAVIGATEURS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CACHES = (
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".hypothesis",
    ".pytest_cache",
    "build",
    "dist",
    "htmlcov",
)


class Refus(Exception):
    """One French sentence."""


def dire(phrase: str) -> None:
    print(phrase, file=sys.stderr, flush=True)


# -- environment --------------------------------------------------------------------------------------------


def installer(voulu: str) -> None:
    """``base`` to run, ``dev`` to work; an environment that has ``dev`` keeps it."""
    with _seul():
        jeu = "dev" if _marque("dev").exists() else voulu
        empreinte = _empreinte(jeu)
        if _marque(jeu).exists() and _marque(jeu).read_text() == empreinte and PYTHON.exists():
            return
        depart = time.monotonic()
        dire("Installation des paquets de Treille dans .venv (une à deux minutes la première fois)…")
        if not _venv_sain():
            _creer_venv()
        _marque(jeu).write_text("en cours\n")
        _installer_paquets(jeu)
        _marque(jeu).write_text(empreinte)
        dire(f"Paquets installés en {time.monotonic() - depart:.0f} s.")


@contextlib.contextmanager
def _seul() -> Generator[None]:
    """Two ``make`` at once: the second waits."""
    with (RACINE / "requirements" / "base.txt").open() as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def _marque(jeu: str) -> Path:
    return VENV / f".treille-{jeu}"


def _empreinte(jeu: str) -> str:
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))
    parties = [
        (RACINE / "requirements" / f"{jeu}.txt").read_bytes(),
        json.dumps([projet["build-system"], projet["project"], projet["tool"]["hatch"]]).encode(),
        os.fsencode(RACINE),
        UV.encode(),
    ]
    return hashlib.sha256(b"\0".join(parties)).hexdigest() + "\n"


def _venv_sain() -> bool:
    """Made for this very folder (scripts hold its path), by a fitting Python, and with pip."""
    try:
        lignes = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    commandes = [ligne for ligne in lignes if ligne.startswith("command =")]
    if commandes and not commandes[0].endswith(f" {VENV}"):
        return False
    essai = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))"
    with contextlib.suppress(OSError):
        return subprocess.run([PYTHON, "-I", "-c", essai], capture_output=True, check=False).returncode == 0
    return False


def _creer_venv() -> None:
    base = getattr(sys, "_base_executable", sys.executable)
    if subprocess.run(
        [base, "-I", "-c", "import ensurepip, venv"], capture_output=True, check=False
    ).returncode:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Refus(
            f"le module venv manque à Python {version} : installez-le (sous Debian et Ubuntu : "
            f"« apt-get install python{version}-venv »), puis relancez."
        )
    _executer([base, "-I", "-m", "venv", "--clear", str(VENV)], "l’environnement .venv n’a pas pu être créé")


def _installer_paquets(jeu: str) -> None:
    liste = f"requirements/{jeu}.txt"
    echec = "les paquets n’ont pas pu être installés"
    pip = [str(PYTHON), "-I", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    if _uv_present() or _reussit([*pip, f"uv=={UV}"]):
        uv = [str(VENV / "bin" / "uv"), "pip"]
        cible = ["--quiet", "--python", str(PYTHON)]
        # Python compiles as it goes, unless it was told not to write: every start would then pay for it.
        compiler = ["--compile-bytecode"] if os.environ.get("PYTHONDONTWRITEBYTECODE") else []
        if _reussit([*uv, "sync", *cible, *compiler, "--require-hashes", liste]) and _reussit(
            [*uv, "install", *cible, "--no-deps", "-e", "."]
        ):
            return
    # An index that only pip is configured for (pip.conf).
    dire("uv n’atteint pas le dépôt de paquets ; nouvel essai avec pip…")
    _executer([*pip, "--require-hashes", "-r", liste], echec)
    _executer([*pip, "--no-deps", "-e", "."], echec)


def _uv_present() -> bool:
    with contextlib.suppress(OSError):
        vu = subprocess.run([VENV / "bin" / "uv", "--version"], capture_output=True, text=True, check=False)
        return vu.stdout.split()[1:2] == [UV]
    return False


def _env() -> dict[str, str]:
    """uv does not read pip's variables: hand them over where uv has none of its own."""
    env = {nom: valeur for nom, valeur in os.environ.items() if nom not in {"PYTHONPATH", "PYTHONHOME"}}
    for de_pip, de_uv in (
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
        ("PIP_EXTRA_INDEX_URL", "UV_INDEX"),
        ("PIP_CERT", "SSL_CERT_FILE"),
    ):
        if env.get(de_pip):
            env.setdefault(de_uv, env[de_pip])
    return env


def _reussit(commande: list[str]) -> bool:
    return subprocess.run(commande, cwd=RACINE, env=_env(), check=False).returncode == 0


def _executer(commande: list[str], echec: str) -> None:
    if not _reussit(commande):
        raise Refus(
            f"{echec} : lisez le message ci-dessus (dépôt de paquets injoignable ? HTTPS_PROXY, "
            "PIP_INDEX_URL ; "
            "disque plein ?), puis relancez, l’installation reprendra."
        )


# -- browser of the tests -----------------------------------------------------------------------------------


def navigateur() -> None:
    """Chromium and SoftHSM2 for the tests that need them: from Debian when we may, else said loudly. Never fails."""
    _chromium()
    _softhsm()


def _softhsm() -> None:
    """A module PKCS#11 in software: without it, the proof of hardware keys is skipped."""
    if shutil.which("softhsm2-util"):
        return
    _apt("softhsm2", "Installation de SoftHSM2 pour les tests des modules matériels…")
    if not shutil.which("softhsm2-util"):
        dire(
            "SANS SOFTHSM2\u00a0: la preuve PKCS#11 sera SAUTÉE. Installez le paquet «\u00a0softhsm2\u00a0»."
        )


def _apt(paquet: str, annonce: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    dire(annonce)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for suite in (["update"], ["install", "-y", "--no-install-recommends", paquet]):
        commande = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *suite]
        subprocess.run(commande, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)


def _chromium() -> None:
    if any(shutil.which(nom) for nom in NAVIGATEURS):
        return
    _apt("chromium", "Installation de Chromium pour les tests de navigateur…")
    if _chromium_marche():
        return
    bande = "!" * 78
    dire(
        f"{bande}\n  AUCUN CHROMIUM : les tests de navigateur seront SAUTÉS.\n"
        f"  Pour les jouer : installez le paquet « chromium », puis relancez « make test ».\n{bande}"
    )


def _chromium_marche() -> bool:
    """Ubuntu's package is an empty shell around a snap."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        return (
            subprocess.run(["chromium", "--version"], capture_output=True, check=False, timeout=60).returncode
            == 0
        )
    return False


# -- cleaning -----------------------------------------------------------------------------------------------


def nettoyer(*, donnees: bool) -> None:
    """The environment and the caches; the data on demand. Never under the feet of a Treille that runs."""
    dossier = Path(os.environ.get("TREILLE_DATA") or RACINE / ".treille")
    with _donnees_au_repos(dossier):
        if donnees and dossier.exists():
            _effacer_donnees(dossier)
        shutil.rmtree(VENV, ignore_errors=True)
    for nom in CACHES:
        shutil.rmtree(RACINE / nom, ignore_errors=True)
    for cache in RACINE.rglob("__pycache__"):
        if VENV not in cache.parents:
            shutil.rmtree(cache, ignore_errors=True)


@contextlib.contextmanager
def _donnees_au_repos(dossier: Path) -> Generator[None]:
    if not (dossier / "verrou").exists():
        yield
        return
    with (dossier / "verrou").open("a") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as erreur:
            raise Refus("Treille tourne en ce moment : arrêtez-la, puis relancez « make clean ».") from erreur
        yield


def _effacer_donnees(dossier: Path) -> None:
    if not (dossier / "verrou").exists():
        raise Refus(f"{dossier} n’est pas un dossier de données de Treille : il n’est pas effacé.")
    with contextlib.suppress(OSError, ValueError, KeyError):
        note = json.loads((dossier / "postgres" / "emplacement.json").read_text(encoding="utf-8"))
        shutil.rmtree(note["dossier"], ignore_errors=True)
    shutil.rmtree(dossier)
    dire(f"Données effacées : {dossier}.")


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case ["base" | "dev" as jeu]:
                installer(jeu)
            case ["navigateur"]:
                navigateur()
            case ["nettoyer", *suite]:
                nettoyer(donnees=suite == ["donnees"])
            case _:
                dire("installation.py attend base, dev, navigateur ou nettoyer.")
                return 2
    except Refus as refus:
        dire(f"Treille : {refus}")
        return 2
    except OSError as erreur:
        dire(
            f"Treille : {erreur.filename or RACINE} n’est pas utilisable ({erreur.strerror}) ; corrigez "
            "puis relancez."
        )
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
