"""Files that must be refused, one per way of being wrong. Shown by the sandbox, played by the tests."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from config.lanceur.bac_a_sable_mie.autorite import Autorite, _maintenant, nouvelle_cle

MOT_DE_PASSE = "sesame-2026"
_DER, _PEM = serialization.Encoding.DER, serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Fichier:
    """``mot_de_passe`` is the one to type."""

    nom: str
    octets: bytes
    mot_de_passe: str = MOT_DE_PASSE


@dataclass(frozen=True, slots=True)
class Bac:
    """What profiles are made from: the authority of the environment aimed at, and the other one."""

    ici: Autorite
    ailleurs: Autorite
    finess: str
    autre_finess: str


def p12(
    cle: Any, certificat: x509.Certificate | None, *chaine: x509.Certificate, mot_de_passe: str = MOT_DE_PASSE
) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"certificat", cle, certificat, chaine, serialization.BestAvailableEncryption(mot_de_passe.encode())
    )


def bon(autorite: Autorite, finess: str, *, cn: str = "DMP", **options: Any) -> Fichier:
    cle = nouvelle_cle()
    certificat = autorite.emettre(cle.public_key(), cn=cn, finess=finess, **options)
    return Fichier("certificat.p12", p12(cle, certificat, autorite.intermediaire))


def _mot_de_passe(bac: Bac) -> Fichier:
    return Fichier("certificat.p12", bon(bac.ici, bac.finess).octets, "sesame-2025")


def _cle_differente(bac: Bac) -> Fichier:
    certificat = bac.ici.emettre(nouvelle_cle().public_key(), cn="DMP", finess=bac.finess)
    return Fichier("certificat.p12", p12(nouvelle_cle(), None, certificat, bac.ici.intermediaire))


def _sha1(bac: Bac) -> Fichier:
    """Our library refuses to put such a certificate in a container: its DER alone, to be deposited."""
    modele = bac.ici.emettre(nouvelle_cle().public_key(), cn="DMP", finess=bac.finess)
    return Fichier("certificat.cer", bac.ici.emettre_en_sha1(modele))


def _avec(cle: Any, autorite: Autorite, **options: Any) -> Fichier:
    certificat = autorite.emettre(cle.public_key(), **options)
    return Fichier("certificat.p12", p12(cle, certificat, autorite.intermediaire))


def _revoque(bac: Bac) -> Fichier:
    cle = nouvelle_cle()
    certificat = bac.ici.emettre(cle.public_key(), cn="DMP", finess=bac.finess)
    bac.ici.revoquer(certificat)
    return Fichier("certificat.p12", p12(cle, certificat, bac.ici.intermediaire))


def _autre_autorite(bac: Bac) -> Fichier:
    """Same names, other keys: what a forger would make."""
    imitation = Autorite.creer(bac.ici.environnement, bac.ici.url)
    return bon(imitation, bac.finess)


def _chaine(bac: Bac) -> Fichier:
    """The leaf alone: nothing says who signed whom."""
    cle = nouvelle_cle()
    return Fichier("certificat.p12", p12(cle, bac.ici.emettre(cle.public_key(), cn="DMP", finess=bac.finess)))


def _sans_cle(bac: Bac) -> Fichier:
    certificat = bac.ici.emettre(nouvelle_cle().public_key(), cn="DMP", finess=bac.finess)
    return Fichier("certificat.cer", certificat.public_bytes(_DER))


def png() -> bytes:
    """One white pixel."""

    def bloc(genre: bytes, contenu: bytes) -> bytes:
        somme = zlib.crc32(genre + contenu).to_bytes(4)
        return len(contenu).to_bytes(4) + genre + contenu + somme

    entete = bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + bloc(b"IHDR", entete)
        + bloc(b"IDAT", zlib.compress(b"\x00\xff"))
        + bloc(b"IEND", b"")
    )


def _autorite(bac: Bac) -> Fichier:
    cle = nouvelle_cle()
    certificat = bac.ici.emettre(cle.public_key(), cn="DMP", finess=bac.finess, ac=True)
    return Fichier("certificat.p12", p12(cle, certificat, bac.ici.intermediaire))


PROFILS: dict[str, Callable[[Bac], Fichier]] = {
    "mot_de_passe": _mot_de_passe,
    "cle_differente": _cle_differente,
    "autre_environnement": lambda bac: bon(bac.ailleurs, bac.finess),
    "autre_structure": lambda bac: bon(bac.ici, bac.autre_finess),
    "sans_structure": lambda bac: bon(bac.ici, ""),
    "expire": lambda bac: bon(bac.ici, bac.finess, debut=_maintenant() - timedelta(days=1200)),
    "pas_encore_valide": lambda bac: bon(bac.ici, bac.finess, debut=_maintenant() + timedelta(days=3)),
    "revoque": _revoque,
    "usage": lambda bac: bon(bac.ici, bac.finess, usage="SSL_SERV", noms=("sad.exemple.test",)),
    "cn_insi": lambda bac: bon(bac.ici, bac.finess, cn="insi-auto"),
    "sha1": _sha1,
    "cle_courte": lambda bac: _avec(nouvelle_cle(1024), bac.ici, cn="DMP", finess=bac.finess),
    "courbe": lambda bac: _avec(
        ec.generate_private_key(ec.SECP224R1()), bac.ici, cn="DMP", finess=bac.finess
    ),
    "autre_autorite": _autre_autorite,
    "chaine": _chaine,
    "sans_cle": _sans_cle,
    "image": lambda _bac: Fichier("certificat.p12", png()),
    "autorite": _autorite,
}  # fmt: skip
