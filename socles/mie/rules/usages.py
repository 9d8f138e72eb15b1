"""Offers, usages and destinations of IGC-Santé certificates, and what each demands of a certificate.

Source: interop §4 (offres ORG et SERV), security §6.1 ; usages de clé exacts par gabarit : à confirmer dans « Gabarits
X.509 » V1.1.0 (AUTH_CLI = digitalSignature + clientAuth).
"""

from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

ORG, SERV = "ORG", "SERV"
TEST, PROD = "TEST", "PROD"
AUTH_CLI, SIGN, CONF, SSL_SERV, SMIME = "AUTH_CLI", "SIGN", "CONF", "SSL_SERV", "SMIME"
INSI = "INSI"
CN_INSI = ("INSI-AUTO", "INSI-MANU")

OFFRES = {ORG: "organisation (ORG)", SERV: "serveur (SERV)"}
ENVIRONNEMENTS = {PROD: "production", TEST: "test"}
USAGES = {
    AUTH_CLI: "authentification client (AUTH_CLI)",
    SIGN: "cachet (SIGN)",
    CONF: "chiffrement (CONF)",
    SSL_SERV: "serveur TLS (SSL_SERV)",
    SMIME: "messagerie (S/MIME)",
}
DESTINATIONS = {
    INSI: "INSi",
    "DMP": "DMP",
    "MSS": "MSSanté",
    "PSC": "Pro Santé Connect",
    "ROR": "ROR",
    "VIAT": "ViaTrajectoire",
    "AUTRE": "autre",
}
PAR_OFFRE = {ORG: (AUTH_CLI, SIGN, CONF), SERV: (SSL_SERV, SMIME, SIGN, CONF)}
# Its key opens a TLS connection: the others sign or decipher.
DE_CONNEXION = frozenset({AUTH_CLI})
# Old messages are read by old keys: theirs outlive the certificate.
DE_DECHIFFREMENT = frozenset({CONF, SMIME})


@dataclass(frozen=True, slots=True)
class Gabarit:
    """One bit of ``cles`` at least; every usage of ``exige``; none of ``exclut``."""

    cles: tuple[str, ...]
    exige: tuple[x509.ObjectIdentifier, ...] = ()
    exclut: tuple[x509.ObjectIdentifier, ...] = ()


_CONNEXION = (ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH)
GABARITS = {
    AUTH_CLI: Gabarit(("digital_signature",), (ExtendedKeyUsageOID.CLIENT_AUTH,)),
    SIGN: Gabarit(("digital_signature", "content_commitment"), (), _CONNEXION),
    CONF: Gabarit(("key_encipherment", "key_agreement"), (), _CONNEXION),
    SSL_SERV: Gabarit(("digital_signature", "key_encipherment"), (ExtendedKeyUsageOID.SERVER_AUTH,)),
    SMIME: Gabarit(("digital_signature", "key_encipherment"), (ExtendedKeyUsageOID.EMAIL_PROTECTION,)),
}


def convient(certificat: x509.Certificate, usage: str) -> bool:
    """May its key serve ``usage``? A certificate that says nothing of its key is refused."""
    gabarit = GABARITS[usage]
    try:
        cles = certificat.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    try:
        etendus = set(certificat.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        etendus = set()
    return (
        any(getattr(cles, bit) for bit in gabarit.cles)
        and set(gabarit.exige) <= etendus
        and not etendus & set(gabarit.exclut)
    )
