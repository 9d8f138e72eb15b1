"""Cache keys carry the structure: without one there is no cache."""

from plateforme.tenancy.courant import cle_courante


def cle_de_structure(key: str, key_prefix: str, version: int) -> str:
    """``treille:<structure>:<version>:<key>``. Raises AucuneStructure outside any context."""
    return f"treille:{cle_courante()}:{version}:{key_prefix}{key}"
