"""Routes of the shell, and registries given back as they were."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from plateforme.web import registres


@pytest.fixture
def site(settings: Settings, tmp_path: Path) -> None:
    """The shell's own routes on both kinds of host."""
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns when it does not exist
    settings.URLCONF_STRUCTURE = "tests.web.urls_essai"
    settings.ROOT_URLCONF = "tests.web.urls_essai_reseau"


@pytest.fixture
def registres_vides() -> Iterator[None]:
    """Registries emptied for the test, then restored: what domains registered would show through."""
    tables = (
        registres._rail,
        registres._panneaux,
        registres._a_traiter,
        registres._fil,
        registres._chercheurs,
        registres._creations,
    )
    copies = [dict(table) for table in tables]
    for table in tables:
        table.clear()
    yield
    for table, copie in zip(tables, copies, strict=True):
        table.clear()
        table.update(copie)
