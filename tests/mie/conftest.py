"""Two local authorities (test and production) with their lists, OCSP and mutual TLS peers; nothing leaves the loopback."""

from collections.abc import Iterator
from typing import Any

import pytest

from socles.mie.services.tls import CONTEXTES
from tests.support.igc import Igc, pairs


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
