"""Télégestion's own fixtures: a frozen morning, Alice's account, the site with its pages mounted."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from plateforme.tenancy.courant import Contexte
from tests.support.monde import Monde, compte
from tests.telegestion.fabrique import a


@pytest.fixture
def matin() -> Iterator[None]:
    """It is 08:25 in Paris, on Tuesday 24 November 2026."""
    with time_machine.travel(a("08:25"), tick=False):
        yield


@pytest.fixture
def alice(matin: None, dans_a: Contexte) -> Any:
    return compte("alice")


@pytest.fixture
def awa(matin: None, dans_a: Contexte) -> Any:
    return compte("awa")


@pytest.fixture
def bruno(matin: None, dans_a: Contexte) -> Any:
    return compte("bruno")


@pytest.fixture
def accueil(matin: None, dans_a: Contexte) -> Any:
    return compte("accueil")


@pytest.fixture
def site(settings: Any, tmp_path: Any, matin: None, monde: Monde) -> Monde:
    """Pages and APIs on both structures' hosts, on that same morning."""
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns when it does not exist
    return monde
