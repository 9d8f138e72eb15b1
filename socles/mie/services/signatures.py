"""What a certificate that opens no connection does: sign, or read what was ciphered for it."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from socles.mie.models import Certificat, OrigineCle
from socles.mie.rules import usages
from socles.mie.services import cles, module
from socles.mie.services.tls import CertificatInutilisable, exiger_utilisable


def signer(certificat: Certificat, octets: bytes) -> bytes:
    """SHA-256, by the vault's key or inside the module. Raises CertificatInutilisable, CleAbsente, ModuleMuet."""
    exiger_utilisable(certificat)
    if certificat.usage == usages.CONF:
        raise CertificatInutilisable("Ce certificat chiffre, il ne signe pas.")
    if certificat.origine_cle == OrigineCle.MODULE:
        return module.signer(certificat.cle_module, octets)
    cle = cles.ouvrir(certificat)
    if isinstance(cle, rsa.RSAPrivateKey):
        return cle.sign(octets, padding.PKCS1v15(), hashes.SHA256())
    assert isinstance(cle, ec.EllipticCurvePrivateKey)
    return cle.sign(octets, ec.ECDSA(hashes.SHA256()))


def dechiffrer(certificat: Certificat, octets: bytes) -> bytes:
    """RSA-OAEP over SHA-256. An old certificate still reads what was sent to it."""
    if certificat.usage not in usages.DE_DECHIFFREMENT:
        raise CertificatInutilisable(
            "Ce certificat ne déchiffre rien\u00a0: il faut un certificat de chiffrement."
        )
    cle = cles.ouvrir(certificat)
    if not isinstance(cle, rsa.RSAPrivateKey):
        raise CertificatInutilisable("Cette clé ne déchiffre pas\u00a0: il faut une clé RSA.")
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
    return cle.decrypt(octets, oaep)
