"""A certificate comes in: read, judged, sealed with its key in one transaction; refused, nothing is kept of it."""

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.db import IntegrityError, transaction

from plateforme import faits
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier, Introuvable
from socles.mie.models import Certificat, OrigineCle, Revocation
from socles.mie.rules import etats, identites, lecture
from socles.mie.rules.controles import Attendu, exiger
from socles.mie.rules.lecture import Lu
from socles.mie.rules.refus import CertificatRefuse
from socles.mie.services import cles, memoire, racines, revocation
from socles.mie.services.demandes import Commande, exiger_coherente
from socles.mie.services.porteur import porteur


def importer(octets: bytes, mot_de_passe: bytearray, commande: Commande) -> Certificat:
    """A PKCS#12 with its key. ``mot_de_passe`` is overwritten whatever happens. Raises CertificatRefuse."""
    copie = bytes(mot_de_passe)
    try:
        with memoire.sans_trace():
            lu = lecture.lire_conteneur(octets, copie)
        certificat = Certificat(
            offre=commande.offre,
            usage=commande.usage,
            environnement=commande.environnement,
            destinations=list(commande.destinations),
            etat=etats.INSTALLE,
            origine_cle=OrigineCle.IMPORTEE,
        )
        # The name asked for is of no use here: the certificate has its own.
        _juger(certificat, lu)
        exiger_coherente(_commande_de(certificat))
    except ErreurMetier as refus:
        _noter_le_refus(refus, commande.environnement)
        raise
    finally:
        memoire.effacer(mot_de_passe)
        memoire.effacer(copie)
    try:
        with transaction.atomic():
            cles.ranger(certificat, lu.cle)
            certificat.save(force_insert=True)
            _noter_l_installation(certificat)
    except IntegrityError as erreur:  # the same file, sent twice at once
        raise CertificatRefuse("deja_connu") from erreur
    return certificat


def deposer(certificat: Certificat, octets: bytes) -> Certificat:
    """The certificate issued for a key made here. Raises CertificatRefuse, PassageRefuse."""
    try:
        lu = lecture.lire_certificat(octets)
        demande = x509.load_pem_x509_csr(certificat.demande.encode())
        if lecture.cle_publique(demande.public_key()) != lecture.cle_publique(lu.feuille.public_key()):
            raise CertificatRefuse("commande_differente")
        with transaction.atomic():
            ligne = Certificat.objects.select_for_update().filter(pk=certificat.pk).first()
            if ligne is None:
                raise Introuvable
            etats.exiger_le_passage(ligne.etat, etats.EMIS)
            _juger(ligne, lu)
            ligne.etat = etats.INSTALLE
            ligne.save()
            _noter_l_installation(ligne)
    except ErreurMetier as refus:
        _noter_le_refus(refus, certificat.environnement)
        raise
    return ligne


def _commande_de(certificat: Certificat) -> Commande:
    return Commande(
        certificat.offre,
        certificat.usage,
        certificat.environnement,
        tuple(certificat.destinations),
        certificat.cn,
    )


def _juger(certificat: Certificat, lu: Lu) -> None:
    """Fill the row from the certificate, if nothing is against it. Raises CertificatRefuse."""
    empreinte = lu.feuille.fingerprint(hashes.SHA256()).hex()
    if Certificat.objects.filter(empreinte=empreinte).exists():
        raise CertificatRefuse("deja_connu")
    qui, _ = porteur()
    attendu = Attendu(certificat.environnement, certificat.usage, tuple(certificat.destinations), qui, now())
    connus = racines.intermediaires(certificat.environnement)
    lu = Lu(lu.feuille, (*lu.chaine, *connus), lu.cle)
    chaine = exiger(lu, attendu, racines.ancres(certificat.environnement))
    statut = revocation.interroger(lu.feuille, chaine[0])
    if statut is not None and statut.revoque_a is not None:
        raise CertificatRefuse("revoque", date=f"{statut.revoque_a:%d/%m/%Y}")
    certificat.revocation = Revocation.BON if statut else Revocation.INCONNUE
    certificat.revocation_vue_a = now() if statut else None
    _decrire(certificat, lu.feuille, chaine)
    certificat.empreinte = empreinte


def _decrire(certificat: Certificat, feuille: x509.Certificate, chaine: tuple[x509.Certificate, ...]) -> None:
    certificat.cn = identites.cn(feuille)[:64]
    certificat.dn = feuille.subject.rfc4514_string()[:500]
    certificat.emetteur = feuille.issuer.rfc4514_string()[:500]
    certificat.serie = f"{feuille.serial_number:x}"
    certificat.debut, certificat.fin = feuille.not_valid_before_utc, feuille.not_valid_after_utc
    certificat.noms = lecture.noms_alternatifs(feuille)
    certificat.aki, certificat.ski = lecture.identifiants_de_cle(feuille)
    certificat.crl, certificat.ocsp = lecture.adresses_de_crl(feuille), lecture.adresses_d_ocsp(feuille)
    certificat.pem, certificat.chaine = lecture.en_pem([feuille]), lecture.en_pem(chaine)
    certificat.installe_a = now()


def _noter_l_installation(certificat: Certificat) -> None:
    noter(
        "mie.certificat.installe",
        certificat=str(certificat.pk),
        usage=certificat.usage,
        environnement=certificat.environnement,
        serie=certificat.serie,
    )
    faits.signaler()


def _noter_le_refus(refus: ErreurMetier, environnement: str) -> None:
    motif = refus.motif if isinstance(refus, CertificatRefuse) else refus.code
    with transaction.atomic():
        noter("mie.certificat.refuse", motif=motif, environnement=environnement)
