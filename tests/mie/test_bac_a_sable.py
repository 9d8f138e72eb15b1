"""The authority of demonstrations: kept between two starts, sealed, and never in production."""

import subprocess
import sys
import urllib.parse
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from config.lanceur.bac_a_sable_mie.autorite import charger_ou_creer, racines
from config.lanceur.bac_a_sable_mie.profils import PROFILS
from tests.mie.fabrique import commande
from tests.support.igc import Igc
from tests.support.monde import FINESS_A


def test_l_autorite_se_retrouve_et_ses_cles_sont_scellees(tmp_path: Path) -> None:
    premiere = charger_ou_creer(tmp_path, "secret", "http://localhost:1", "PROD")
    seconde = charger_ou_creer(tmp_path, "secret", "http://localhost:2", "PROD")

    assert seconde.racine == premiere.racine
    assert seconde.intermediaire == premiere.intermediaire
    ecrit = b"".join(f.read_bytes() for f in tmp_path.iterdir())
    assert b"BEGIN PRIVATE KEY" not in ecrit
    assert {f.stat().st_mode & 0o777 for f in tmp_path.iterdir()} == {0o600}
    assert racines(tmp_path, "PROD").read_bytes() == premiere.racine_pem
    with pytest.raises(ValueError, match="password"):
        charger_ou_creer(tmp_path, "autre", "http://localhost:1", "PROD")


def test_le_guichet_emet_et_donne_de_quoi_se_tromper(igc: Igc, dans_a: object) -> None:
    from socles.mie.services import demandes, depot

    demande = demandes.generer(commande(cn="DMP"))
    corps = urllib.parse.urlencode({"csr": demande.demande, "usage": "AUTH_CLI"})
    emis = httpx.post(f"{igc.test.url}/commander", content=corps).content
    assert len(x509.load_pem_x509_certificates(emis)) == 2
    assert depot.deposer(demande, emis).etat == "installe"

    page = httpx.get(f"{igc.test.url}/?finess={FINESS_A}")
    assert page.text.count('href="profil?') == len(PROFILS)
    assert httpx.get(f"{igc.test.url}/profil?nom=image&finess={FINESS_A}").content.startswith(b"\x89PNG")
    assert httpx.get(f"{igc.test.url}/profil?nom=inconnu").status_code == 404
    assert httpx.post(f"{igc.test.url}/commander", content="csr=x").status_code == 400


def test_l_autorite_de_demonstration_refuse_la_production() -> None:
    sortie = subprocess.run(
        [sys.executable, "-m", "config.lanceur.bac_a_sable_mie", "--test", "1", "2", "--prod", "3", "4"],
        env={"PYTHONPATH": ".:platform", "DJANGO_SETTINGS_MODULE": "config.settings.prod", "PATH": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert sortie.returncode == 2
    assert "ne sert pas en production" in sortie.stderr
