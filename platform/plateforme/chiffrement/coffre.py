"""The door of encryption: AES-256-GCM under the key of the bound structure, or the network's own in ``public``."""

import os
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from plateforme.core.errors import Indisponible
from plateforme.tenancy.courant import cle_courante

_NONCE = 12


class CleIndisponible(Indisponible):
    code: ClassVar[str] = "plateforme.cle.indisponible"
    message = "Les données chiffrées ne peuvent pas être lues pour le moment. Réessayez dans un instant."


def _cle() -> AESGCM:
    derivee = HKDF(hashes.SHA256(), 32, None, f"treille.coffre:{cle_courante()}".encode())
    return AESGCM(derivee.derive(settings.SECRET_KEY.encode()))


def sceller(octets: bytes, usage: str) -> bytes:
    """Seal for this structure and this ``usage``: read elsewhere or for something else, it does not open."""
    nonce = os.urandom(_NONCE)
    return nonce + _cle().encrypt(nonce, octets, usage.encode())


def ouvrir(scelle: bytes, usage: str) -> bytes:
    """Raises CleIndisponible when it was not sealed here, for this usage, under a key we still have."""
    scelle = bytes(scelle)
    try:
        return _cle().decrypt(scelle[:_NONCE], scelle[_NONCE:], usage.encode())
    except (InvalidTag, ValueError) as erreur:
        raise CleIndisponible from erreur
