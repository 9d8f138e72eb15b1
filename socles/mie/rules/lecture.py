"""From a file somebody chose to certificates and a key, or to the sentence that says what the file really is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from asn1crypto import core as asn1_core
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID

from socles.mie.rules.refus import CertificatRefuse

OCTETS_MAX = 200_000
# PNG, JPEG, GIF, PDF, ZIP (Office), old Office, TIFF, BMP, WEBP.
_AUTRES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"II*\x00", b"MM\x00*", b"BM", b"RIFF",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lu:
    """``cle`` is the process's own key object: never printed."""

    feuille: x509.Certificate
    chaine: tuple[x509.Certificate, ...]
    cle: Any = field(default=None, repr=False)


def lire_conteneur(octets: bytes, mot_de_passe: bytes) -> Lu:
    """A PKCS#12 and its key. Raises CertificatRefuse."""
    _ecarter(octets)
    if not _est_un_conteneur(octets):
        lire_certificat(octets)  # says what else is wrong with it first
        raise CertificatRefuse("sans_cle")
    try:
        contenu = pkcs12.load_pkcs12(octets, mot_de_passe)
    except (ValueError, TypeError) as erreur:
        raise CertificatRefuse("mot_de_passe", champ="mot_de_passe") from erreur
    autres = [c.certificate for c in contenu.additional_certs]
    if contenu.key is None:
        raise CertificatRefuse("sans_cle")
    if contenu.cert is None:
        # A container whose certificate answers to another key is given back as a key and « other » certificates.
        raise CertificatRefuse(
            "cle_differente" if any(not est_une_autorite(c) for c in autres) else "sans_certificat"
        )
    feuille = contenu.cert.certificate
    if cle_publique(contenu.key.public_key()) != cle_publique(feuille.public_key()):
        raise CertificatRefuse("cle_differente")
    return Lu(feuille, tuple(autres), contenu.key)


def lire_certificat(octets: bytes) -> Lu:
    """A certificate (PEM, DER, or PKCS#7 with its chain), without key. Raises CertificatRefuse."""
    _ecarter(octets)
    if b"PRIVATE KEY-----" in octets:
        raise CertificatRefuse("cle_en_clair")
    if b"CERTIFICATE REQUEST-----" in octets or _est_une_demande(octets):
        raise CertificatRefuse("demande")
    if _est_un_conteneur(octets):
        raise CertificatRefuse("conteneur")
    certificats = _tous(octets)
    feuilles = [c for c in certificats if not est_une_autorite(c)]
    if len(feuilles) > 1:
        raise CertificatRefuse("plusieurs")
    if not feuilles:
        raise CertificatRefuse("autorite")
    return Lu(feuilles[0], tuple(c for c in certificats if c is not feuilles[0]))


def _ecarter(octets: bytes) -> None:
    if len(octets) > OCTETS_MAX:
        raise CertificatRefuse("trop_gros")
    if octets.startswith(_AUTRES):
        raise CertificatRefuse("image")
    if not octets.strip():
        raise CertificatRefuse("format")


def _est_un_conteneur(octets: bytes) -> bool:
    """Shaped like a PKCS#12, whatever its password."""
    try:
        pfx = asn1_pkcs12.Pfx.load(octets)
        return int(pfx["version"]) == 3 and pfx["auth_safe"]["content_type"].native in {
            "data",
            "signed_data",
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def _est_une_demande(octets: bytes) -> bool:
    try:
        x509.load_der_x509_csr(octets)
    except ValueError:
        return False
    return True


def _tous(octets: bytes) -> list[x509.Certificate]:
    lecteurs = (
        x509.load_pem_x509_certificates,
        lambda o: [x509.load_der_x509_certificate(o)],
        pkcs7.load_pem_pkcs7_certificates,
        _pkcs7_der,
    )
    for lire in lecteurs:
        try:
            certificats = list(lire(octets))
            for certificat in certificats:
                _ = certificat.extensions, certificat.subject, certificat.issuer  # read lazily: fail now
        except (ValueError, TypeError, x509.DuplicateExtension):
            continue
        if certificats:
            return certificats
    raise CertificatRefuse("format")


def _pkcs7_der(octets: bytes) -> list[x509.Certificate]:
    asn1_core.Sequence.load(octets)  # our library aborts on what is not ASN.1
    return pkcs7.load_der_pkcs7_certificates(octets)


def est_une_autorite(certificat: x509.Certificate) -> bool:
    try:
        return certificat.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def cle_publique(cle: Any) -> bytes:
    """What two keys are compared by."""
    octets: bytes = cle.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return octets


def en_pem(certificats: Iterable[x509.Certificate]) -> str:
    return "".join(c.public_bytes(serialization.Encoding.PEM).decode() for c in certificats)


# -- what a certificate says of itself ------------------------------------------------------------------------


def noms_alternatifs(certificat: x509.Certificate) -> list[str]:
    try:
        noms = certificat.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(nom.value) for nom in noms if isinstance(nom, x509.DNSName | x509.RFC822Name)]


def identifiants_de_cle(certificat: x509.Certificate) -> tuple[str, str]:
    """(of the issuer, of its own), in hexadecimal; "" when it does not say."""
    try:
        aki = certificat.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    except x509.ExtensionNotFound:
        aki = None
    try:
        ski = certificat.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        ski = b""
    return (aki or b"").hex(), ski.hex()


def adresses_de_crl(certificat: x509.Certificate) -> list[str]:
    try:
        points = certificat.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return [_adresse(nom) for point in points for nom in point.full_name or () if _adresse(nom)]


def adresses_d_ocsp(certificat: x509.Certificate) -> list[str]:
    try:
        acces = certificat.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    ocsp = AuthorityInformationAccessOID.OCSP
    return [
        _adresse(a.access_location) for a in acces if a.access_method == ocsp and _adresse(a.access_location)
    ]


def _adresse(nom: x509.GeneralName) -> str:
    """Only the web: a directory (ldap) is left out."""
    texte = str(nom.value) if isinstance(nom, x509.UniformResourceIdentifier) else ""
    return texte[:500] if texte.startswith(("http://", "https://")) else ""
