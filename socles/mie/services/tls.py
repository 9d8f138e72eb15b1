"""A TLS context that proves the structure, made in memory: the key reaches OpenSSL through an anonymous file, ciphered.

One context per structure and certificate, kept an hour at most, dropped as soon as the certificate may no longer serve.
Works for ``sortant``, httpx and requests alike. The peer is checked against the pinned roots alone.
"""

import os
import secrets
import ssl
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from cryptography.hazmat.primitives import serialization

from plateforme.core.clock import now
from plateforme.core.errors import Conflit
from plateforme.tenancy.courant import cle_courante
from socles.mie.models import Certificat, Revocation
from socles.mie.rules import etats, lecture, usages
from socles.mie.services import cles, memoire, racines

DUREE_SECONDES = 3600
_PLACES = 500


class CertificatInutilisable(Conflit):
    code = "mie.certificat.inutilisable"


def exiger_utilisable(certificat: Certificat) -> None:
    """Raises CertificatInutilisable with the reason: what the state says, and what the clock says."""
    if certificat.revocation == Revocation.REVOQUE or certificat.etat == etats.REVOQUE:
        phrase = "Ce certificat est révoqué\u00a0: il ne peut plus servir. Commandez son remplaçant."
    elif certificat.etat == etats.EXPIRE or (certificat.fin is not None and certificat.fin <= now()):
        phrase = "Ce certificat a expiré\u00a0: il ne peut plus servir. Commandez son remplaçant."
    elif certificat.etat not in etats.VIVANTS:
        phrase = f"Ce certificat est {etats.LIBELLES[certificat.etat]}\u00a0: il ne peut pas servir."
    elif not certificat.vivant:
        phrase = "Ce certificat n’est pas dans ses dates de validité\u00a0: il ne peut pas servir."
    else:
        return
    raise CertificatInutilisable(phrase)


@dataclass(frozen=True, slots=True)
class _Place:
    perime_a: float
    contexte: ssl.SSLContext = field(repr=False)


class _Cache:
    """Contexts of this process, by structure and certificate. Bounded in time and number."""

    def __init__(self) -> None:
        self._verrou = Lock()
        self._places: OrderedDict[tuple[str, UUID], _Place] = OrderedDict()

    def lire(self, cle: tuple[str, UUID]) -> ssl.SSLContext | None:
        with self._verrou:
            maintenant = time.monotonic()
            for autre in [c for c, place in self._places.items() if place.perime_a <= maintenant]:
                del self._places[autre]
            place = self._places.get(cle)
            return place.contexte if place else None

    def garder(self, cle: tuple[str, UUID], contexte: ssl.SSLContext) -> None:
        with self._verrou:
            self._places[cle] = _Place(time.monotonic() + DUREE_SECONDES, contexte)
            while len(self._places) > _PLACES:
                self._places.popitem(last=False)

    def oublier(self, cle: tuple[str, UUID]) -> None:
        with self._verrou:
            self._places.pop(cle, None)

    def __len__(self) -> int:
        return len(self._places)


CONTEXTES = _Cache()


def contexte(certificat: Certificat) -> ssl.SSLContext:
    """Raises CertificatInutilisable, CleAbsente, CleIndisponible."""
    cle = (cle_courante(), certificat.pk)
    try:
        exiger_utilisable(certificat)
        if certificat.usage not in usages.DE_CONNEXION:
            raise CertificatInutilisable(
                "Ce certificat n’ouvre pas de connexion\u00a0: il faut un certificat d’authentification client."
            )
    except CertificatInutilisable:
        CONTEXTES.oublier(cle)
        raise
    garde = CONTEXTES.lire(cle)
    if garde is None:
        garde = _fabriquer(certificat)
        CONTEXTES.garder(cle, garde)
    return garde


def oublier(certificat: Certificat) -> None:
    """In this process at once; in the others the row's state refuses it."""
    CONTEXTES.oublier((cle_courante(), certificat.pk))


def sans_certificat(environnement: str) -> ssl.SSLContext:
    """Trusts the pinned roots of the environment, and nobody else."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    ancres = [*racines.racines(environnement), *racines.intermediaires(environnement)]
    if ancres:
        tls.load_verify_locations(cadata=lecture.en_pem(ancres))
    return tls


def _fabriquer(certificat: Certificat) -> ssl.SSLContext:
    tls = sans_certificat(certificat.environnement)
    with memoire.sans_trace():
        _charger(tls, certificat)
    return tls


def _charger(tls: ssl.SSLContext, certificat: Certificat) -> None:
    passe = secrets.token_hex(32)
    cle = cles.ouvrir(certificat)
    chiffree = cle.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passe.encode()),
    )
    del cle
    descripteur = os.memfd_create("mtls", os.MFD_CLOEXEC)
    try:
        with os.fdopen(descripteur, "wb", closefd=False) as fichier:
            fichier.write(chiffree + (certificat.pem + certificat.chaine).encode())
        tls.load_cert_chain(f"/proc/self/fd/{descripteur}", password=passe)
    finally:
        os.close(descripteur)
        memoire.effacer(chiffree)
