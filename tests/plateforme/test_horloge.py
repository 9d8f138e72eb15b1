"""The day belongs to the structure's zone; DST days last 23 or 25 hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from plateforme.core import clock
from plateforme.core.tri import cle_de_tri
from plateforme.tenancy.courant import PUBLIC, lier

REUNION = replace(PUBLIC, fuseau="Indian/Reunion")
PARIS = replace(PUBLIC, fuseau="Europe/Paris")


@pytest.mark.parametrize(("contexte", "jour"), [(PARIS, date(2026, 11, 22)), (REUNION, date(2026, 11, 23))])
def test_le_jour_est_celui_de_la_structure(contexte, jour) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 21, 30, tzinfo=UTC), tick=False), lier(contexte):
        assert clock.today() == jour


@pytest.mark.parametrize(
    ("jour", "heures"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 22), 24)]
)
def test_un_jour_de_changement_d_heure_garde_sa_vraie_longueur(jour: date, heures: int) -> None:
    with lier(PARIS):
        debut, fin = clock.bornes_du_jour(jour)

    assert fin - debut == timedelta(hours=heures)


def test_une_heure_murale_devient_un_instant_utc() -> None:
    with lier(PARIS):
        assert clock.instant(date(2026, 7, 1), time(8, 0)) == datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
        assert clock.instant(date(2026, 12, 1), time(8, 0)) == datetime(2026, 12, 1, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("ecriture", ["Le Goff", "LE GOFF", "le-goff", "  Le   Goff "])
def test_un_nom_a_une_seule_cle_de_tri(ecriture: str) -> None:
    assert cle_de_tri(ecriture) == "le goff"


def test_la_cle_de_tri_ignore_les_accents_et_deplie_les_ligatures() -> None:
    assert cle_de_tri("Quéré", "Œdipe") == "quere oedipe"
