"""Who tests the tests: mistakes somebody could make one day, kept as patches; each must make a test fail.

``tests/erreurs_semees/*.patch``: a French sentence, ``Tests:`` and the arguments of pytest, then the patch. Each is
applied to a copy of the tree; the tree itself, unpatched, passes the same tests in the ordinary suite.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.test_maison import RACINE

DOSSIER = RACINE / "tests" / "erreurs_semees"
# What the tests named by the patches need, and nothing heavy.
COPIES = ("platform", "tenants", "dossier", "telegestion", "liaison", "socles", "billing", "tests", "pyproject.toml", "manage.py")  # fmt: skip
_TENTATIVE_S = 150


@dataclass(frozen=True)
class Erreur:
    """A seeded mistake: what it is, the tests that must see it."""

    fichier: Path
    phrase: str
    arguments: tuple[str, ...]


def lire(fichier: Path) -> Erreur:
    phrase, arguments = fichier.read_text("utf-8").splitlines()[:2]
    assert arguments.startswith("Tests: "), f"{fichier.name} ne dit pas quels tests doivent le voir"
    return Erreur(fichier, phrase, tuple(arguments.removeprefix("Tests: ").split()))


ERREURS = [lire(fichier) for fichier in sorted(DOSSIER.glob("*.patch"))]


@pytest.fixture
def copie(tmp_path: Path) -> Path:
    """The sources, apart: nothing done there reaches the tree."""
    arbre = tmp_path / "arbre"
    arbre.mkdir()
    for nom in COPIES:
        source = RACINE / nom
        if source.is_dir():
            shutil.copytree(source, arbre / nom, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        elif source.exists():
            shutil.copy2(source, arbre / nom)
    return arbre


def _appliquer(erreur: Erreur, arbre: Path) -> None:
    # A folder that is not a repository: the patch is applied as it is, or not at all.
    fait = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", str(erreur.fichier)],
        cwd=arbre,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(arbre.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if fait.returncode:
        pytest.fail(f"{erreur.fichier.name} : le patch ne s’applique plus : refaites-le.\n{fait.stderr}")


def _jouer(arbre: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    propre = {c: v for c, v in os.environ.items() if not c.startswith(("PYTEST", "PYTHONPATH"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:xdist", *arguments],
        cwd=arbre,
        env=propre,
        capture_output=True,
        text=True,
        timeout=_TENTATIVE_S,
        check=False,
    )


def test_il_y_en_a_au_moins_douze_et_chacune_se_dit_en_une_phrase() -> None:
    assert len(ERREURS) >= 12
    for erreur in ERREURS:
        assert erreur.phrase.endswith("."), erreur.fichier.name
        assert re.fullmatch(r"tests/\S+\.py", erreur.arguments[0])
        assert (RACINE / erreur.arguments[0]).exists(), erreur.fichier.name


@pytest.mark.semees
def test_sans_erreur_la_copie_passe(copie: Path) -> None:
    """The near-miss: the same machinery, nothing sown. A copy that fails by itself would prove nothing."""
    joue = _jouer(
        copie,
        "tests/plateforme/test_tableurs.py",
        "tests/tenants/test_cloisonnement.py",
        "-k",
        "cache or formule",
    )

    assert joue.returncode == 0, joue.stdout[-2000:]


@pytest.mark.semees
@pytest.mark.parametrize("erreur", ERREURS, ids=lambda e: e.fichier.stem)
def test_chaque_erreur_semee_fait_echouer_un_test(erreur: Erreur, copie: Path) -> None:
    _appliquer(erreur, copie)
    joue = _jouer(copie, *erreur.arguments)

    # 1: tests ran and one failed. Anything else (nothing collected, a broken import) proves nothing.
    assert joue.returncode == 1, (
        f"{erreur.phrase} Aucun test ne le voit.\n{joue.stdout[-2000:]}{joue.stderr[-500:]}"
    )
    assert re.search(r"\b1 failed", joue.stdout), joue.stdout[-2000:]
    assert " error" not in joue.stdout.splitlines()[-1], joue.stdout[-2000:]
