"""The private key: made in memory, sealed, opened for the time of a use, destroyed. Nowhere else, never on a disk."""

from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from plateforme.audit.journal import noter
from plateforme.chiffrement import coffre
from plateforme.core.errors import Conflit
from socles.mie.models import Certificat
from socles.mie.rules import usages
from socles.mie.services import memoire

# Source: à confirmer — gabarits X.509 de l'IGC-Santé ; RSA 2048 est ce que montrent ses certificats publics.
BITS = 2048


class CleAbsente(Conflit):
    code = "mie.certificat.sans_cle"
    message = "La clé de ce certificat n’est plus ici\u00a0: il ne peut plus servir."


def usage_de(certificat: Certificat) -> str:
    return f"mie.certificat.cle:{certificat.pk}"


def nouvelle() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


def ranger(certificat: Certificat, cle: Any) -> None:
    """Seal ``cle`` in the row, which the caller saves. Raises CleIndisponible."""
    with memoire.sans_trace():
        octets = cle.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            certificat.cle_scellee = coffre.sceller(octets, usage_de(certificat))
        finally:
            memoire.effacer(octets)


def ouvrir(certificat: Certificat) -> Any:
    """The process's own key object, to be let go as soon as it has served. Raises CleAbsente, CleIndisponible."""
    if not certificat.cle_scellee:
        raise CleAbsente
    with memoire.sans_trace():
        octets = coffre.ouvrir(bytes(certificat.cle_scellee), usage_de(certificat))
        try:
            return serialization.load_der_private_key(octets, password=None)
        finally:
            memoire.effacer(octets)


def detruire(certificat: Certificat, *, meme_de_dechiffrement: bool = False) -> None:
    """Empty the row's key; the caller saves. A key that reads old messages is kept unless told otherwise."""
    garder = certificat.usage in usages.DE_DECHIFFREMENT and not meme_de_dechiffrement
    if certificat.cle_scellee is None or garder:
        return
    certificat.cle_scellee = None
    noter("mie.cle.detruite", certificat=str(certificat.pk))
