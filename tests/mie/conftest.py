"""Two local authorities (test and production) with their lists, OCSP and mutual TLS peers; nothing leaves the loopback."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.lanceur.bac_a_sable_mie.autorite import Autorite
from config.lanceur.bac_a_sable_mie.profils import Bac
from config.lanceur.bac_a_sable_mie.serveur import BacASable
from socles.mie.services.tls import CONTEXTES
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


@pytest.fixture
def igc(_igc: Igc, settings: Any) -> Iterator[Igc]:
    from plateforme.sortant import hote_de

    settings.MIE_RACINES = _igc.racines
    settings.MIE_HOTES = [hote_de(_igc.test.url), hote_de(_igc.prod.url)]
    settings.SORTANT_HOTES = [hote_de(_igc.test.url_mtls), hote_de(_igc.prod.url_mtls)]
    settings.MIE_PAIRS = [*pairs(_igc.test, "TEST"), *pairs(_igc.prod, "PROD")]
    yield _igc
    for bac in (_igc.test, _igc.prod):
        bac.comptoir.muets.clear()
        bac.comptoir.autorite.revoques.clear()
        bac.comptoir.appels.clear()
    CONTEXTES._places.clear()
