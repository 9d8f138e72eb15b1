"""Two local authorities that imitate IGC-Santé, for a session: lists, OCSP, a server that demands a certificate."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.lanceur.bac_a_sable_mie.autorite import Autorite
from config.lanceur.bac_a_sable_mie.profils import Bac
from config.lanceur.bac_a_sable_mie.serveur import BacASable
from tests.support.monde import FINESS_A, FINESS_B


@dataclass
class Igc:
    """The authorities of a test session."""

    test: BacASable
    prod: BacASable
    racines: dict[str, str]

    def bac(self, environnement: str = "TEST") -> Bac:
        ici, ailleurs = self.test.comptoir.autorite, self.prod.comptoir.autorite
        if environnement == "PROD":
            ici, ailleurs = ailleurs, ici
        return Bac(ici, ailleurs, FINESS_A, FINESS_B)


@pytest.fixture(scope="session")
def _igc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Igc]:
    dossier: Path = tmp_path_factory.mktemp("igc")
    bacs, racines = {}, {}
    for environnement in ("TEST", "PROD"):
        bacs[environnement] = BacASable(Autorite.creer(environnement))
        bacs[environnement].demarrer()
        fichier = dossier / f"{environnement}.pem"
        fichier.write_bytes(bacs[environnement].comptoir.autorite.racine_pem)
        racines[environnement] = str(fichier)
    yield Igc(bacs["TEST"], bacs["PROD"], racines)
    for bac in bacs.values():
        bac.arreter()


def pairs(bac: BacASable, environnement: str) -> list[str]:
    adresses = {"AUTH_CLI": bac.url_mtls, "SIGN": f"{bac.url}/cachet", "SMIME": f"{bac.url}/dechiffrement"}
    adresses |= {"CONF": f"{bac.url}/dechiffrement", "SSL_SERV": f"{bac.url}/cachet"}
    return [
        f"{environnement}:{usage}:{destination}={adresse}"
        for usage, adresse in adresses.items()
        for destination in ("INSI", "DMP", "MSS")
    ]
