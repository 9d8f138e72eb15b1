"""Keys belong to one test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _cles_du_test(cles_a_part: Path) -> None:
    """The people of the two structures have secrets already: what is destroyed here is a copy of their keys."""
