import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="SAUTÉ : make est absent")


def make(*arguments, cwd=RACINE, **env):
    propre = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=cwd, env={**propre, **env}, capture_output=True, text=True, check=False
    )


def test_make_seul_presente_chaque_verbe_par_une_phrase():
    lignes = make().stdout.splitlines()

    verbes = [ligne.split()[1] for ligne in lignes]
    assert verbes == ["help", "run", "test", "check", "format", "bench", "clean", "requirements"]
    assert all(ligne.endswith(".") for ligne in lignes)


@pytest.mark.parametrize(
    ("arguments", "env", "port"),
    [
        ((), {}, "8000"),
        (("PORT=8001",), {}, "8001"),
        ((), {"PORT": "8001"}, "8001"),
        ((), {"TREILLE_PORT": "9"}, "9"),
    ],
)
def test_le_port_se_donne_avant_ou_apres_make(arguments, env, port):
    vu = subprocess.run(
        ["make", *arguments, "-f", "Makefile", "-f", "/dev/stdin", "montrer"],
        cwd=RACINE, input="montrer:\n\t@echo $$TREILLE_PORT\n", capture_output=True, text=True, check=False,
        env={**{n: v for n, v in os.environ.items() if n not in {"PORT", "TREILLE_PORT"}}, **env},
    )  # fmt: skip

    assert vu.stdout == f"{port}\n"


def test_sans_python_convenable_une_phrase_le_dit(dossier):
    outils = dossier / "bin"
    outils.mkdir()
    for nom in ("sh", "make", "awk", "find"):
        (outils / nom).symlink_to(shutil.which(nom))
    (outils / "python3").write_text("#!/bin/sh\nexit 1\n")
    (outils / "python3").chmod(0o755)

    vu = make("run", PATH=str(outils))

    assert vu.returncode == 2
    assert vu.stderr.splitlines()[0] == (
        "Treille demande Python 3.11, 3.12 ou 3.13 : installez l’une de ces versions, puis relancez la "
        "commande."
    )


def test_nettoyer_garde_les_donnees_sauf_demande_et_refuse_un_dossier_etranger(dossier):
    ranger = dossier / "clone" / "platform" / "config" / "lanceur"
    ranger.mkdir(parents=True)
    for nom in ("Makefile", "platform/config/lanceur/installation.py"):
        shutil.copy(RACINE / nom, dossier / "clone" / nom)
    donnees = dossier / "clone" / ".treille"
    donnees.mkdir()
    etranger = dossier / "photos"
    etranger.mkdir()

    refuse = make("clean", "DONNEES=1", cwd=dossier / "clone", TREILLE_DATA=str(etranger))
    assert refuse.returncode == 2
    assert f"{etranger} n’est pas un dossier de données de Treille : il n’est pas effacé." in refuse.stderr

    (donnees / "verrou").touch()
    assert make("clean", cwd=dossier / "clone").returncode == 0
    assert donnees.exists()
    assert make("clean", "DONNEES=1", cwd=dossier / "clone").returncode == 0
    assert not donnees.exists()
    assert etranger.exists()


def test_sans_chromium_ni_moyen_de_l_installer_on_le_dit_bien_fort(dossier):
    vu = subprocess.run(
        [sys.executable, "-I", RACINE / "platform/config/lanceur/installation.py", "navigateur"],
        env={"PATH": str(dossier)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert vu.returncode == 0
    assert "AUCUN CHROMIUM : les tests de navigateur seront SAUTÉS." in vu.stderr
    assert "SANS SOFTHSM2" in vu.stderr
