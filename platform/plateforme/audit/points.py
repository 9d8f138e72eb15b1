"""Checkpoints: the head of a chain, signed by the platform, time-stamped by an authority where one is configured.

Ed25519: anybody who holds the public key checks a point without us.
"""

import hashlib
import logging
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.sortant import SortieMuette, demander, hote_de
from plateforme.tenancy.courant import cle_courante, exiger_courant

logger = logging.getLogger(__name__)
_PERSONNALISATION = b"treille.journal.point.v1"


@lru_cache(maxsize=2)
def _cle(graine: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(_PERSONNALISATION + graine.encode()).digest())


def _ma_cle() -> Ed25519PrivateKey:
    return _cle(settings.TREILLE_CLE_DU_JOURNAL or settings.SECRET_KEY)


def cle_publique() -> bytes:
    """Raw public key (32 bytes), to publish."""
    return _ma_cle().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _message(numero: int, empreinte: bytes, scelle_a: datetime) -> bytes:
    """Bound to the structure: a point of one journal proves nothing of another."""
    entete = f"{cle_courante()}|{numero}|{scelle_a.isoformat(timespec='microseconds')}|".encode()
    return _PERSONNALISATION + b"|" + entete + empreinte


def signature_valable(numero: int, empreinte: bytes, scelle_a: datetime, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(cle_publique()).verify(
            signature, _message(numero, empreinte, scelle_a)
        )
    except InvalidSignature:
        return False
    return True


def _modeles() -> tuple[Any, Any]:
    if exiger_courant().est_une_structure:
        from plateforme.audit.models import Point, Tete

        return Tete, Point
    from plateforme.reseau.models import PointReseau, TeteReseau

    return TeteReseau, PointReseau


def sceller() -> Any | None:
    """Seal the head of the bound journal. None when nothing was written since the last point."""
    modele_tete, modele_point = _modeles()
    tete = modele_tete.objects.first()
    dernier = modele_point.objects.order_by("-numero").first()
    if tete is None or (dernier is not None and dernier.numero >= tete.numero):
        return None
    scelle_a, empreinte = now(), bytes(tete.empreinte)
    message = _message(tete.numero, empreinte, scelle_a)
    jeton = _horodater(message)
    # Not noted in the journal: a journal nobody writes to would seal its own seals for ever.
    return modele_point.objects.create(
        numero=tete.numero,
        empreinte=empreinte,
        scelle_a=scelle_a,
        signature=_ma_cle().sign(message),
        jeton=jeton,
    )


def _horodater(message: bytes) -> bytes | None:
    """RFC 3161 token of ``message`` from the configured authority; None without one, or when it does not answer."""
    if not settings.TREILLE_TSA_URL:
        return None
    from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

    demande = TimestampRequestBuilder().data(message).build()
    try:
        reponse = demander(
            "POST",
            settings.TREILLE_TSA_URL,
            contenu=demande.as_bytes(),
            entetes={"Content-Type": "application/timestamp-query"},
            secondes=5.0,
            hotes=(hote_de(settings.TREILLE_TSA_URL),),
        )
        if reponse.statut != 200:
            raise SortieMuette
        decode_timestamp_response(reponse.octets)
    except (ErreurMetier, ValueError):
        # The point is still signed; the next one will carry a token.
        logger.warning("autorité d’horodatage injoignable")
        return None
    return reponse.octets


def jeton_valable(point: Any, racine: bytes) -> bool:
    """Does the token of a point prove its date? ``racine``: certificate (PEM) of the authority."""
    from cryptography.x509 import load_pem_x509_certificate
    from rfc3161_client import VerifierBuilder, decode_timestamp_response
    from rfc3161_client.errors import VerificationError

    message = _message(point.numero, bytes(point.empreinte), point.scelle_a)
    reponse = decode_timestamp_response(bytes(point.jeton))
    verificateur = VerifierBuilder().add_root_certificate(load_pem_x509_certificate(racine)).build()
    try:
        return bool(verificateur.verify_message(reponse, message))
    except VerificationError:
        return False
