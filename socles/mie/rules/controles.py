"""Every reason to refuse a certificate that the certificate itself tells; the first one found is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import verification

from socles.mie.rules import usages
from socles.mie.rules.identites import Porteur, cn, etrangers, numeros
from socles.mie.rules.lecture import Lu, est_une_autorite
from socles.mie.rules.refus import CertificatRefuse

RSA_MIN = 2048
COURBES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
_HACHAGES = frozenset({"sha256", "sha384", "sha512"})
_CONNUES = frozenset(
    {
        x509.KeyUsage.oid,
        x509.ExtendedKeyUsage.oid,
        x509.BasicConstraints.oid,
        x509.SubjectAlternativeName.oid,
        x509.CertificatePolicies.oid,
    }
)


@dataclass(frozen=True, slots=True)
class Attendu:
    """What the certificate is said to be, and for whom."""

    environnement: str
    usage: str
    destinations: tuple[str, ...]
    porteur: Porteur
    instant: datetime


@dataclass(frozen=True, slots=True)
class Ancres:
    """Pinned roots: of the environment aimed at, and of the others."""

    ici: Sequence[x509.Certificate]
    ailleurs: Sequence[x509.Certificate]


def exiger(lu: Lu, attendu: Attendu, ancres: Ancres) -> tuple[x509.Certificate, ...]:
    """Raises CertificatRefuse; else the chain, from the leaf's issuer to the pinned root."""
    feuille = lu.feuille
    if est_une_autorite(feuille):
        raise CertificatRefuse("autorite")
    _exiger_la_force(feuille)
    chaine = _exiger_la_chaine(lu, attendu, ancres)
    _exiger_les_dates(feuille, attendu.instant)
    _exiger_l_usage(feuille, attendu)
    porte = numeros(feuille)
    if not porte:
        raise CertificatRefuse("sans_structure")
    if dehors := list(etrangers(feuille, attendu.porteur)):
        raise CertificatRefuse("autre_structure", porte=", ".join(dehors))
    _exiger_la_validation(feuille, chaine, attendu.instant)
    return chaine


def _exiger_la_force(certificat: x509.Certificate) -> None:
    hachage = certificat.signature_hash_algorithm
    if hachage is None or hachage.name not in _HACHAGES:
        raise CertificatRefuse("sha1")
    cle = certificat.public_key()
    if isinstance(cle, rsa.RSAPublicKey):
        if cle.key_size < RSA_MIN:
            raise CertificatRefuse("cle_courte")
    elif isinstance(cle, ec.EllipticCurvePublicKey):
        if cle.curve.name not in COURBES:
            raise CertificatRefuse("courbe")
    else:
        raise CertificatRefuse("type_de_cle")


def _signe_par(certificat: x509.Certificate, emetteur: x509.Certificate) -> bool:
    try:
        certificat.verify_directly_issued_by(emetteur)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def remonter(
    feuille: x509.Certificate, autres: Iterable[x509.Certificate], racines: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, ...] | None:
    """Signatures followed up to one of the roots; None when it stops before."""
    racines, restants = list(racines), [c for c in autres if est_une_autorite(c)]
    courant = feuille
    chaine: list[x509.Certificate] = []
    for _ in range(5):
        racine = next((r for r in racines if _signe_par(courant, r)), None)
        if racine is not None:
            return (*chaine, racine)
        suivant = next((c for c in restants if c not in chaine and _signe_par(courant, c)), None)
        if suivant is None:
            return None
        chaine.append(suivant)
        courant = suivant
    return None


def _exiger_la_chaine(lu: Lu, attendu: Attendu, ancres: Ancres) -> tuple[x509.Certificate, ...]:
    if not ancres.ici:
        raise CertificatRefuse("racine_absente", champ="environnement")
    chaine = remonter(lu.feuille, lu.chaine, ancres.ici)
    if chaine is not None:
        return chaine
    if remonter(lu.feuille, lu.chaine, ancres.ailleurs) or _annonce_l_autre(lu.feuille, attendu):
        motif = (
            "autre_environnement_prod" if attendu.environnement == usages.TEST else "autre_environnement_test"
        )
        raise CertificatRefuse(motif, champ="environnement")
    emetteurs = [c for c in lu.chaine if c.subject == lu.feuille.issuer]
    if not emetteurs and _de_l_igc(lu.feuille):
        raise CertificatRefuse("chaine")
    raise CertificatRefuse("autre_autorite")


def _annonce_l_autre(feuille: x509.Certificate, attendu: Attendu) -> bool:
    """The names say which environment it comes from, even without its chain."""
    emetteur = feuille.issuer.rfc4514_string().upper()
    de_test = "CN=TEST " in emetteur
    return _de_l_igc(feuille) and de_test != (attendu.environnement == usages.TEST)


def _de_l_igc(feuille: x509.Certificate) -> bool:
    return "IGC-SANTE" in feuille.issuer.rfc4514_string().upper()


def _exiger_les_dates(feuille: x509.Certificate, instant: datetime) -> None:
    if feuille.not_valid_after_utc <= instant:
        raise CertificatRefuse("expire", date=f"{feuille.not_valid_after_utc:%d/%m/%Y}")
    if feuille.not_valid_before_utc > instant:
        raise CertificatRefuse("pas_encore_valide", date=f"{feuille.not_valid_before_utc:%d/%m/%Y}")


def _exiger_l_usage(feuille: x509.Certificate, attendu: Attendu) -> None:
    if any(e.critical and e.oid not in _CONNUES for e in feuille.extensions):
        raise CertificatRefuse("extension")
    if not usages.convient(feuille, attendu.usage):
        raise CertificatRefuse("usage", champ="usage", usage=usages.USAGES[attendu.usage])
    if usages.INSI in attendu.destinations:
        exiger_insi(cn(feuille), attendu.destinations)


def exiger_insi(nom: str, destinations: Sequence[str]) -> None:
    """Source: security §6.1 (erreur DESIR_560 ; seul usage mutualisé interdit : l'INSi)."""
    if nom not in usages.CN_INSI:
        raise CertificatRefuse("cn_insi", cn=nom)
    if len(destinations) > 1:
        raise CertificatRefuse("insi_seul", champ="destinations")


def _exiger_la_validation(
    feuille: x509.Certificate, chaine: Sequence[x509.Certificate], instant: datetime
) -> None:
    """RFC 5280 in full, by the library: lengths, names, dates and strength of every link."""
    *intermediaires, racine = chaine
    politique = (
        verification.PolicyBuilder()
        .store(verification.Store([racine]))
        .time(instant)
        .extension_policies(
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
            ee_policy=verification.ExtensionPolicy.permit_all(),
        )
    )
    try:
        politique.build_client_verifier().verify(feuille, intermediaires)
    except (verification.VerificationError, ValueError) as erreur:
        raise CertificatRefuse("chaine_invalide") from erreur
