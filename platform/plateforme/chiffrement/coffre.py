"""The door: bytes in, bytes sealed for one place out. What is sealed in a structure opens in it alone.

``usage`` says where the bytes live, row included (``identity.facteur.secret:<pk>``): moved to another row, another
field or another structure, they are refused.
"""

from plateforme.chiffrement import format as forme
from plateforme.chiffrement.erreurs import CleDetruite, CleIndisponible, ScelleInvalide
from plateforme.chiffrement.trousseau import Trousseau, trousseau_courant

__all__ = ["CleDetruite", "CleIndisponible", "ScelleInvalide", "ouvrir", "sceller"]


def sceller(octets: bytes, usage: str, *, trousseau: Trousseau | None = None) -> bytes:
    """Encrypt under the data key of the structure in front (of the network in ``public``).

    45 bytes longer than what is given. Raises CleIndisponible: nothing is written in clear meanwhile.
    """
    porteur = trousseau or trousseau_courant()
    cle = porteur.active()
    return forme.sceller(
        cle.aead, cle.id, octets, genre=forme.PAR_CLE, proprietaire=porteur.proprietaire, usage=usage
    )


def ouvrir(scelle: bytes, usage: str, *, trousseau: Trousseau | None = None) -> bytes:
    """Decrypt what ``sceller`` gave for the same usage. Raises ScelleInvalide, CleIndisponible, CleDetruite."""
    porteur = trousseau or trousseau_courant()
    scelle = bytes(scelle)
    genre, cle_id = forme.lire_entete(scelle)
    if genre != forme.PAR_CLE:
        raise ScelleInvalide
    return forme.ouvrir(porteur.par_id(cle_id).aead, scelle, proprietaire=porteur.proprietaire, usage=usage)
