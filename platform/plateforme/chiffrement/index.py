"""Blind index: finding a row by a sealed value, by its keyed hash. The space of NIR is small: never a plain hash."""

import hashlib
import hmac

from plateforme.chiffrement.format import associe
from plateforme.chiffrement.trousseau import INDEX, trousseau_courant


def normaliser(valeur: str) -> str:
    """Letters and digits in capitals: however it was typed, the same number gives the same index."""
    return "".join(c for c in valeur.upper() if c.isascii() and c.isalnum())


def indexer(valeur: str, usage: str, *, alias: str = "default") -> bytes:
    """HMAC-SHA-256 under the structure's own key of indexes, apart from the one that seals.

    Equal in one structure for one usage, without any relation elsewhere.
    """
    cle = trousseau_courant(alias).active(INDEX)
    return hmac.new(cle.octets, associe(usage, normaliser(valeur)), hashlib.sha256).digest()
