"""The one place where the state of a certificate changes."""

from uuid import UUID

from django.db import transaction

from plateforme import faits
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from socles.mie.models import Certificat, Emploi, Rang, Revocation
from socles.mie.rules import etats
from socles.mie.services import cles, tls


def trouver(certificat_id: UUID, *, verrouiller: bool = False) -> Certificat:
    """Raises Introuvable."""
    lignes = Certificat.objects.select_for_update() if verrouiller else Certificat.objects.all()
    trouve: Certificat | None = lignes.filter(pk=certificat_id).first()
    if trouve is None:
        raise Introuvable("Ce certificat n’existe pas, ou n’est pas à votre structure.")
    return trouve


def passer(certificat: Certificat, vers: str) -> None:
    """In the caller's transaction, on a locked row. An end takes its uses and its key away. Raises PassageRefuse."""
    etats.exiger_le_passage(certificat.etat, vers)
    depuis, certificat.etat = certificat.etat, vers
    if vers == etats.REVOQUE:
        certificat.revocation, certificat.revoque_a = Revocation.REVOQUE, certificat.revoque_a or now()
    if vers in etats.FINIS:
        quitter_ses_emplois(certificat)
        cles.detruire(certificat, meme_de_dechiffrement=vers == etats.RETIRE)
        tls.oublier(certificat)
    certificat.save()
    noter("mie.certificat.etat", certificat=str(certificat.pk), depuis=depuis, vers=vers)
    faits.signaler()


def quitter_ses_emplois(certificat: Certificat) -> None:
    """Where it was in service, the one behind it comes forward."""
    for emploi in Emploi.objects.select_for_update().filter(certificat=certificat):
        emploi.delete()
        if emploi.rang != Rang.PRINCIPAL:
            continue
        Emploi.objects.filter(
            environnement=emploi.environnement,
            usage=emploi.usage,
            destination=emploi.destination,
            rang=Rang.SECOURS,
        ).update(rang=Rang.PRINCIPAL, depuis=now())


def abandonner(certificat_id: UUID) -> None:
    """An order that will not be followed, or an ended certificate nobody needs to replace: its key is destroyed."""
    with transaction.atomic():
        passer(trouver(certificat_id, verrouiller=True), etats.RETIRE)
