"""Two entités juridiques: alpha's and beta's. In the common world they share one; here beta has its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from plateforme.tenancy.courant import PUBLIC, lier
from tenants.models import Organisme, Structure
from tests.support.monde import Monde, compte


@dataclass
class Gens:
    """People of a structure, by function."""

    direction: Any
    dpd: Any


@pytest.fixture
def entites(monde: Monde) -> Iterator[Monde]:
    with lier(PUBLIC):
        voisine = Organisme.objects.create(finess="220000038", raison_sociale="Entité voisine")
        Structure.objects.filter(slug="beta").update(organisme=voisine)
    with time_machine.travel("2026-03-02T09:00:00+00:00", tick=False):
        yield monde


@pytest.fixture
def dans_alpha(entites: Monde) -> Iterator[Gens]:
    with lier(entites.a):
        yield Gens(compte("direction"), compte("delphine"))
