"""Seal and open with the current structure's key. Stand-in until the key provider is in place: one derived key."""

import secrets
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

from plateforme.core.errors import Indisponible
from plateforme.tenancy.courant import cle_courante


class CleIndisponible(Indisponible):
    code: ClassVar[str] = "plateforme.cle.indisponible"
    message = "Les données chiffrées sont momentanément illisibles. Réessayez dans un instant."


def _cle() -> AESGCM:
    return AESGCM(
        salted_hmac(
            f"treille.coffre:{cle_courante()}", "", secret=settings.SECRET_KEY, algorithm="sha256"
        ).digest()
    )


def sceller(octets: bytes, usage: str) -> bytes:
    """Encrypt for the current structure; ``usage`` must be said again to open."""
    nonce = secrets.token_bytes(12)
    return nonce + _cle().encrypt(nonce, octets, usage.encode())


def ouvrir(scelle: bytes, usage: str) -> bytes:
    """The octets sealed for this usage in this structure. Raises CleIndisponible."""
    scelle = bytes(scelle)
    try:
        return _cle().decrypt(scelle[:12], scelle[12:], usage.encode())
    except InvalidTag as erreur:
        raise CleIndisponible from erreur
