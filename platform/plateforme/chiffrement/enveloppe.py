"""An object that carries its own key: drawn for it, sealed by a keyring, written before the content."""

import os
import struct

from plateforme.chiffrement import coffre, flux
from plateforme.chiffrement.erreurs import ScelleInvalide
from plateforme.chiffrement.trousseau import Trousseau

_TETE = struct.Struct(">4sH")
_MAGIE = b"TRE1"


def sceller(octets: bytes, usage: str, *, trousseau: Trousseau) -> bytes:
    cle = os.urandom(32)
    scellee = coffre.sceller(cle, usage, trousseau=trousseau)
    return _TETE.pack(_MAGIE, len(scellee)) + scellee + flux.sceller(cle, octets, usage)


def ouvrir(objet: bytes, usage: str, *, trousseau: Trousseau) -> bytes:
    """Raises ScelleInvalide, CleIndisponible, CleDetruite."""
    if len(objet) < _TETE.size:
        raise ScelleInvalide
    magie, taille = _TETE.unpack_from(objet)
    if magie != _MAGIE:
        raise ScelleInvalide
    debut = _TETE.size + taille
    cle = coffre.ouvrir(objet[_TETE.size : debut], usage, trousseau=trousseau)
    return flux.ouvrir(cle, objet[debut:], usage)
