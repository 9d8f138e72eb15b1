"""Figures set by law: one value a day, from its day, readable by all, written by no structure."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction
from psycopg.types.range import DateRange

from plateforme.reference.models import Parametre
from plateforme.tenancy.courant import REFERENCE, lier
from tests.support.monde import Monde

CODE = "essai.tarif"


def ecrire(depuis: date, jusque: date | None, valeur: str, code: str = CODE) -> None:
    with lier(REFERENCE):
        Parametre.objects.using("ddl").create(
            code=code, en_vigueur=DateRange(depuis, jusque), valeur=valeur, unite="€/h", source="essai"
        )


@pytest.fixture
def tarifs(base_a_part: str) -> Iterator[Monde]:
    ecrire(date(2025, 1, 1), date(2026, 1, 1), "24.58")
    ecrire(date(2026, 1, 1), None, "25.00")
    yield Monde.charger()
    connections["ddl"].close()


@pytest.mark.parametrize(
    ("le", "valeur"),
    [
        (date(2025, 1, 1), "24.58"),
        (date(2025, 12, 31), "24.58"),
        (date(2026, 1, 1), "25.00"),
        (date(2040, 6, 1), "25.00"),
    ],
)
def test_la_valeur_est_celle_du_jour(tarifs: Monde, le: date, valeur: str) -> None:
    with lier(tarifs.a):
        assert Parametre.objects.valeur(CODE, le) == valeur


@pytest.mark.parametrize(("code", "le"), [(CODE, date(2024, 12, 31)), ("essai.autre", date(2026, 1, 1))])
def test_avant_la_loi_il_n_y_a_pas_de_valeur(tarifs: Monde, code: str, le: date) -> None:
    with lier(tarifs.a), pytest.raises(Parametre.DoesNotExist):
        Parametre.objects.valeur(code, le)


def test_deux_valeurs_le_meme_jour_sont_refusees(tarifs: Monde) -> None:
    with pytest.raises(IntegrityError, match="parametre_une_valeur_par_date"):
        ecrire(date(2025, 12, 31), date(2026, 1, 2), "26.00")

    ecrire(date(2025, 12, 31), date(2026, 1, 2), "26.00", code="essai.autre")


def test_les_deux_structures_lisent_la_meme(tarifs: Monde) -> None:
    lues = []
    for contexte in (tarifs.a, tarifs.b):
        with lier(contexte):
            lues.append(Parametre.objects.valeur(CODE, date(2026, 6, 1)))

    assert lues == ["25.00", "25.00"]


def test_une_structure_n_ecrit_pas_la_loi(tarifs: Monde) -> None:
    with lier(tarifs.a), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Parametre.objects.update(valeur="0.01")
