from tests.telegestion.conftest import matin, site

__all__ = ["matin", "site"]
