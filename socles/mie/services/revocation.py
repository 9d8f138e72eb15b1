"""Is a certificate revoked? OCSP with a nonce, else the list; the last good list is kept, a stale one is told.

Addresses are those the certificate carries, once its signature led to a pinned root; hosts are those of the settings.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import settings
from django.db import transaction

from plateforme import sortant
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.identity.services.avis import prevenir_la_direction
from socles.mie.models import ListeDeRevocation
from socles.mie.rules import lecture

SECONDES = 5
# A list is read again this often, sooner when it is out of date.
FRAICHEUR = timedelta(hours=6)
_ECART = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Statut:
    """``revoque_a`` None: good. ``source``: ocsp or crl."""

    revoque_a: datetime | None
    source: str


class ReponseDouteuse(ErreurMetier):
    """It answered something unsigned, out of date, or about another certificate: as good as silence."""

    code = "mie.revocation.douteuse"
    message = "Le service de révocation a répondu quelque chose qu’on ne peut pas croire."


def interroger(feuille: x509.Certificate, emetteur: x509.Certificate) -> Statut | None:
    """What is known now; None when nobody could say (then the alert, and the last good list had it been there)."""
    for adresse in lecture.adresses_d_ocsp(feuille):
        try:
            return _par_ocsp(adresse, feuille, emetteur)
        except ErreurMetier:
            continue
    for adresse in lecture.adresses_de_crl(feuille):
        liste = actualiser(adresse, emetteur)
        if liste.der is not None and not liste.perimee:
            return _dans_la_liste(bytes(liste.der), feuille)
    return None


def _appeler(adresse: str, contenu: bytes | None = None) -> bytes:
    """Raises what ``sortant`` does: SortieRefusee for a host nobody allowed."""
    parties = urlsplit(adresse)
    local = settings.SORTANT_LOCAL and parties.hostname in {"localhost", "127.0.0.1"}
    if parties.scheme == "http" and not local:
        adresse = parties._replace(scheme="https").geturl()
    reponse = sortant.demander(
        "POST" if contenu else "GET",
        adresse,
        contenu=contenu,
        entetes={"Content-Type": "application/ocsp-request"} if contenu else None,
        secondes=SECONDES,
        hotes=settings.MIE_HOTES,
    )
    if reponse.statut != 200:
        raise ReponseDouteuse
    return reponse.octets


def _par_ocsp(adresse: str, feuille: x509.Certificate, emetteur: x509.Certificate) -> Statut:
    nonce = os.urandom(16)
    # RFC 6960: SHA-1 names the certificate here, it protects nothing; many responders know no other.
    demande = (
        ocsp.OCSPRequestBuilder()
        .add_certificate(feuille, emetteur, hashes.SHA1())  # noqa: S303
        .add_extension(x509.OCSPNonce(nonce), critical=False)
        .build()
    )
    octets = _appeler(adresse, _der(demande))
    try:
        return _lire_ocsp(ocsp.load_der_ocsp_response(octets), feuille, emetteur, nonce)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound) as erreur:
        raise ReponseDouteuse from erreur


def _der(demande: ocsp.OCSPRequest) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return demande.public_bytes(Encoding.DER)


def _lire_ocsp(
    reponse: ocsp.OCSPResponse, feuille: x509.Certificate, emetteur: x509.Certificate, nonce: bytes
) -> Statut:
    if reponse.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise ReponseDouteuse
    _verifier_la_signature(reponse, _signataire(reponse, emetteur))
    instant = now()
    fraiche = (
        reponse.serial_number == feuille.serial_number
        and reponse.this_update_utc <= instant + _ECART
        and (reponse.next_update_utc is None or reponse.next_update_utc > instant)
    )
    rendu = reponse.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    if not fraiche or rendu != nonce:
        raise ReponseDouteuse
    if reponse.certificate_status is ocsp.OCSPCertStatus.GOOD:
        return Statut(None, "ocsp")
    if reponse.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        return Statut(reponse.revocation_time_utc, "ocsp")
    raise ReponseDouteuse


def _signataire(reponse: ocsp.OCSPResponse, emetteur: x509.Certificate) -> x509.Certificate:
    """The issuer itself, or somebody it named for that (id-kp-OCSPSigning). Raises ReponseDouteuse."""
    for certificat in reponse.certificates:
        if certificat == emetteur:
            continue
        certificat.verify_directly_issued_by(emetteur)
        usages = certificat.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        valable = certificat.not_valid_before_utc <= now() < certificat.not_valid_after_utc
        if ExtendedKeyUsageOID.OCSP_SIGNING in usages and valable:
            return certificat
        raise ReponseDouteuse
    return emetteur


def _verifier_la_signature(reponse: ocsp.OCSPResponse, signataire: x509.Certificate) -> None:
    cle, hachage = signataire.public_key(), reponse.signature_hash_algorithm
    if hachage is None or hachage.name not in {"sha256", "sha384", "sha512"}:
        raise ReponseDouteuse
    if isinstance(cle, rsa.RSAPublicKey):
        cle.verify(reponse.signature, reponse.tbs_response_bytes, padding.PKCS1v15(), hachage)
    elif isinstance(cle, ec.EllipticCurvePublicKey):
        cle.verify(reponse.signature, reponse.tbs_response_bytes, ec.ECDSA(hachage))
    else:
        raise ReponseDouteuse


# -- lists ---------------------------------------------------------------------------------------------------


def _dans_la_liste(der: bytes, feuille: x509.Certificate) -> Statut | None:
    liste = x509.load_der_x509_crl(der)
    if liste.issuer != feuille.issuer:
        return None
    ligne = liste.get_revoked_certificate_by_serial_number(feuille.serial_number)
    return Statut(ligne.revocation_date_utc if ligne else None, "crl")


def actualiser(adresse: str, emetteur: x509.Certificate) -> ListeDeRevocation:
    """Read a list again when it is time. One that cannot be read or believed leaves the last good one in place."""
    liste = ListeDeRevocation.objects.filter(adresse=adresse).first() or ListeDeRevocation(adresse=adresse)
    if liste.lue_a is not None and not liste.perimee and liste.lue_a > now() - FRAICHEUR:
        return liste
    try:
        der = _appeler(adresse)
        neuve = _verifier_la_liste(der, emetteur, liste.etablie_a)
    except ErreurMetier as erreur:
        liste.erreur = type(erreur).__name__[:60]
    else:
        liste.der, liste.erreur, liste.alertee = der, "", False
        liste.emetteur = neuve.issuer.rfc4514_string()[:500]
        liste.etablie_a, liste.prochaine_a, liste.lue_a = neuve.last_update_utc, neuve.next_update_utc, now()
    with transaction.atomic():
        if liste.perimee and not liste.alertee:
            _alerter(liste)
        liste.save()
    return liste


def _verifier_la_liste(
    der: bytes, emetteur: x509.Certificate, precedente: datetime | None
) -> x509.CertificateRevocationList:
    """Raises ReponseDouteuse: another signer, out of date, or older than the one we have."""
    try:
        liste = x509.load_der_x509_crl(der)
        cle = emetteur.public_key()
        bonne = liste.issuer == emetteur.subject and liste.is_signature_valid(cle)  # type: ignore[arg-type]
    except (ValueError, TypeError) as erreur:
        raise ReponseDouteuse from erreur
    prochaine = liste.next_update_utc
    if not bonne or prochaine is None or prochaine <= now() or liste.last_update_utc > now() + _ECART:
        raise ReponseDouteuse
    if precedente is not None and liste.last_update_utc < precedente:
        raise ReponseDouteuse
    return liste


def _alerter(liste: ListeDeRevocation) -> None:
    liste.alertee = True
    noter("mie.crl.perimee", hote=urlsplit(liste.adresse).hostname or "")
    prevenir_la_direction(
        "Révocations non vérifiées",
        "La liste de révocation des certificats n’est plus à jour\u00a0: ils restent utilisables, et Treille réessaie.",
        "/mie",
    )
