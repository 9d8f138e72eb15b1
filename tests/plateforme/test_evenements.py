"""Domain events: told after the commit, where the fact was told, to everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction

from plateforme.core import events
from plateforme.tenancy.courant import courant, epingle, lier
from tests.support.monde import Monde


@dataclass(frozen=True)
class UsagerAdmis:
    numero: int


@pytest.fixture
def recus(base_a_part: str) -> Iterator[list[Any]]:
    liste: list[Any] = []
    events.abonner(UsagerAdmis, liste.append)
    yield liste
    del events._abonnes[UsagerAdmis]


def test_un_fait_se_dit_apres_la_validation(recus: list[Any]) -> None:
    with lier(Monde.charger().a):
        with transaction.atomic():
            events.annoncer(UsagerAdmis(1))
            assert recus == []

        assert recus == [UsagerAdmis(1)]


def test_un_fait_annule_ne_se_dit_pas(recus: list[Any]) -> None:
    with lier(Monde.charger().a):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            events.annoncer(UsagerAdmis(1))
            raise ZeroDivisionError
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                events.annoncer(UsagerAdmis(2))
                raise ZeroDivisionError
            events.annoncer(UsagerAdmis(3))

    assert recus == [UsagerAdmis(3)]


def test_un_abonne_qui_tombe_n_arrete_ni_les_autres_ni_l_appelant(recus: list[Any]) -> None:
    def tomber(_fait: UsagerAdmis) -> None:
        raise ZeroDivisionError

    events._abonnes[UsagerAdmis].insert(0, tomber)
    with lier(Monde.charger().a), transaction.atomic():
        events.annoncer(UsagerAdmis(1))

    assert recus == [UsagerAdmis(1)]


def test_un_abonne_deux_fois_n_est_appele_qu_une(recus: list[Any]) -> None:
    events.abonner(UsagerAdmis, events._abonnes[UsagerAdmis][0])
    with lier(Monde.charger().a):
        events.annoncer(UsagerAdmis(1))

    assert recus == [UsagerAdmis(1)]


def test_le_fait_se_dit_la_ou_il_a_ete_fait(recus: list[Any]) -> None:
    """Told during a passage into B, committed once back in A: its subscribers still work in B, with B's role."""
    vus = []

    def regarder(_fait: UsagerAdmis) -> None:
        with connection.cursor() as curseur:
            curseur.execute("SELECT current_schema(), current_user")
            vus.append((courant(), epingle(), curseur.fetchone()))

    events.abonner(UsagerAdmis, regarder)
    monde = Monde.charger()
    with lier(monde.a):
        with transaction.atomic(), lier(monde.b):
            events.annoncer(UsagerAdmis(1))
        assert courant() == monde.a

    assert vus == [(monde.b, monde.b, (monde.b.schema, monde.b.schema))]
