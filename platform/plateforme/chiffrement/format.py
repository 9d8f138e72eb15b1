"""The bytes of something sealed: format, key, nonce, then AES-256-GCM. The header is authenticated with the rest.

``1`` sealed under a data key · ``2`` sealed under the key of one usager · ``3`` a stream in chunks (see ``flux``).
The first byte is what makes another algorithm possible later without reading anything twice (ASVS 11.2.2).
"""

import os
import struct
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from plateforme.chiffrement.erreurs import ScelleInvalide

PAR_CLE = 1
PAR_SUJET = 2
FLUX = 3
NONCE = 12
MARQUE = 16
_ENTETE = struct.Struct(f">B16s{NONCE}s")


def associe(*parties: str | bytes) -> bytes:
    """Associated data: each part preceded by its length, so that no two lists of parts give the same bytes."""
    morceaux = []
    for partie in parties:
        octets = partie.encode() if isinstance(partie, str) else partie
        morceaux.append(struct.pack(">I", len(octets)) + octets)
    return b"".join(morceaux)


def sceller(aead: AESGCM, cle_id: UUID, octets: bytes, *, genre: int, proprietaire: str, usage: str) -> bytes:
    """``proprietaire`` (the structure) and ``usage`` are bound: the result is refused anywhere else."""
    entete = _ENTETE.pack(genre, cle_id.bytes, os.urandom(NONCE))
    return entete + aead.encrypt(entete[-NONCE:], octets, associe(entete[:-NONCE], proprietaire, usage))


def lire_entete(scelle: bytes) -> tuple[int, UUID]:
    """Kind and key of something sealed. Raises ScelleInvalide on anything else."""
    if len(scelle) < _ENTETE.size + MARQUE or scelle[0] not in (PAR_CLE, PAR_SUJET):
        raise ScelleInvalide
    genre, cle, _ = _ENTETE.unpack_from(scelle)
    return genre, UUID(bytes=cle)


def ouvrir(aead: AESGCM, scelle: bytes, *, proprietaire: str, usage: str) -> bytes:
    entete = scelle[: _ENTETE.size]
    try:
        return aead.decrypt(
            entete[-NONCE:], scelle[_ENTETE.size :], associe(entete[:-NONCE], proprietaire, usage)
        )
    except InvalidTag as erreur:
        raise ScelleInvalide from erreur
