"""A frozen Tuesday morning, and the site: the same as télégestion's."""

from tests.telegestion.conftest import accueil, alice, awa, bruno, matin, site

__all__ = ["accueil", "alice", "awa", "bruno", "matin", "site"]
