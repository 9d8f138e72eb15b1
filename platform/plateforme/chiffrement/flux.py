"""Large contents in authenticated chunks (STREAM construction): cut, reordered, lengthened or mixed, they are refused.

Header: format, size of a chunk, 7 random bytes. Nonce of a chunk: those 7, its rank, and 1 for the last. The key is
used for one content only; header and usage are bound to every chunk.
"""

import os
import struct
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from plateforme.chiffrement.erreurs import ScelleInvalide
from plateforme.chiffrement.format import FLUX, MARQUE, associe

MORCEAU = 1 << 20
_MORCEAU_MAX = 1 << 24
_ENTETE = struct.Struct(">BI7s")


def _nonce(prefixe: bytes, rang: int, *, dernier: bool) -> bytes:
    return prefixe + struct.pack(">IB", rang, dernier)


def sceller(cle: bytes, octets: bytes, usage: str, *, morceau: int = MORCEAU) -> bytes:
    """``cle``: 32 bytes drawn for this content alone."""
    entete = _ENTETE.pack(FLUX, morceau, os.urandom(7))
    aead, lie, vue = AESGCM(cle), associe(entete, usage), memoryview(octets)
    morceaux = [entete]
    dernier = max(0, len(octets) - 1) // morceau
    for rang in range(dernier + 1):
        nonce = _nonce(entete[-7:], rang, dernier=rang == dernier)
        morceaux.append(aead.encrypt(nonce, vue[rang * morceau : (rang + 1) * morceau], lie))
    return b"".join(morceaux)


def morceaux_en_clair(cle: bytes, scelle: bytes, usage: str) -> Iterator[bytes]:
    """Each chunk once it is authenticated. Raises ScelleInvalide: what came before must then be thrown away."""
    if len(scelle) < _ENTETE.size + MARQUE:
        raise ScelleInvalide
    genre, morceau, prefixe = _ENTETE.unpack_from(scelle)
    if genre != FLUX or not 1 <= morceau <= _MORCEAU_MAX:
        raise ScelleInvalide
    aead, lie, vue = AESGCM(cle), associe(scelle[: _ENTETE.size], usage), memoryview(scelle)[_ENTETE.size :]
    pas = morceau + MARQUE
    dernier = max(0, len(vue) - 1) // pas
    for rang in range(dernier + 1):
        nonce = _nonce(prefixe, rang, dernier=rang == dernier)
        try:
            yield aead.decrypt(nonce, vue[rang * pas : (rang + 1) * pas], lie)
        except InvalidTag as erreur:
            raise ScelleInvalide from erreur


def ouvrir(cle: bytes, scelle: bytes, usage: str) -> bytes:
    """The whole content, or nothing of it."""
    return b"".join(morceaux_en_clair(cle, scelle, usage))
