"""The real product and Chromium, for the journeys."""

from tests.parcours.conftest import chromium, produit

__all__ = ["chromium", "produit"]
