"""A key made here and its request (CSR): what the structure sends to the IGC-Santé."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from django.db import transaction

from plateforme import faits
from plateforme.audit.journal import noter
from plateforme.core.errors import ErreurMetier
from socles.mie.models import Certificat, OrigineCle
from socles.mie.rules import controles, etats, usages
from socles.mie.services import cles, module
from socles.mie.services.porteur import porteur


class DemandeRefusee(ErreurMetier):
    code = "mie.demande.refusee"


@dataclass(frozen=True, slots=True)
class Commande:
    """What is asked. ``au_module``: the key is made in the hardware module and never leaves it."""

    offre: str
    usage: str
    environnement: str
    destinations: tuple[str, ...]
    cn: str
    noms: tuple[str, ...] = ()
    au_module: bool = False


def exiger_coherente(commande: Commande) -> None:
    """Raises DemandeRefusee, CertificatRefuse (rules of INSi)."""
    if commande.usage not in usages.PAR_OFFRE[commande.offre]:
        phrase = (
            f"L’offre {usages.OFFRES[commande.offre]} ne propose pas l’usage {usages.USAGES[commande.usage]}."
        )
        raise DemandeRefusee(phrase, champs={"usage": phrase})
    if not commande.destinations:
        phrase = "Dites à quoi servira ce certificat\u00a0: cochez au moins une destination."
        raise DemandeRefusee(phrase, champs={"destinations": phrase})
    if usages.INSI in commande.destinations:
        if commande.usage != usages.AUTH_CLI:
            phrase = "L’INSi demande un certificat d’authentification client (AUTH_CLI)."
            raise DemandeRefusee(phrase, champs={"usage": phrase})
        controles.exiger_insi(commande.cn, commande.destinations)
    if commande.au_module and commande.usage in usages.DE_CONNEXION:
        phrase = "Une clé de module matériel signe des documents, mais n’ouvre pas de connexion\u00a0: décochez-la."
        raise DemandeRefusee(phrase, champs={"au_module": phrase})


def generer(commande: Commande, *, predecesseur: Certificat | None = None) -> Certificat:
    """A new certificate to order: its key is sealed, its CSR is ready. Raises DemandeRefusee, CleIndisponible."""
    exiger_coherente(commande)
    qui, raison_sociale = porteur()
    sujet = _sujet(commande.cn, raison_sociale, qui.finess_juridique)
    certificat = Certificat(
        offre=commande.offre,
        usage=commande.usage,
        environnement=commande.environnement,
        destinations=list(commande.destinations),
        cn=commande.cn,
        noms=list(commande.noms),
        etat=etats.COMMANDE,
        origine_cle=OrigineCle.MODULE if commande.au_module else OrigineCle.GENEREE,
        predecesseur=predecesseur,
    )
    if commande.au_module:
        certificat.cle_module, certificat.demande = module.generer(str(certificat.pk), sujet)
    else:
        cle = cles.nouvelle()
        certificat.demande = _demande(cle, sujet, commande.noms)
        cles.ranger(certificat, cle)
    with transaction.atomic():
        certificat.save(force_insert=True)
        noter(
            "mie.cle.generee",
            certificat=str(certificat.pk),
            usage=certificat.usage,
            environnement=certificat.environnement,
            origine=certificat.origine_cle,
        )
        faits.signaler()
    return certificat


def comme(ancien: Certificat) -> Commande:
    """The order of its replacement, filled in from what it is."""
    return Commande(
        ancien.offre,
        ancien.usage,
        ancien.environnement,
        tuple(ancien.destinations),
        ancien.cn,
        tuple(ancien.noms),
        au_module=ancien.origine_cle == OrigineCle.MODULE,
    )


def _sujet(nom: str, raison_sociale: str, finess: str) -> x509.Name:
    """Source: interop §4 (C, O, OU = « 1 » + FINESS, CN)."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, raison_sociale[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"1{finess}"),
            x509.NameAttribute(NameOID.COMMON_NAME, nom),
        ]
    )


def _demande(cle: Any, sujet: x509.Name, noms: Sequence[str]) -> str:
    chantier = x509.CertificateSigningRequestBuilder().subject_name(sujet)
    if noms:
        alternatifs = [x509.RFC822Name(n) if "@" in n else x509.DNSName(n) for n in noms]
        chantier = chantier.add_extension(x509.SubjectAlternativeName(alternatifs), critical=False)
    return chantier.sign(cle, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
