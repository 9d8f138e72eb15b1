"""From one certificate to the next without a cut: the former stays behind until the new one has proved itself."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from plateforme import faits
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Conflit
from socles.mie.models import Certificat, Emploi, Rang
from socles.mie.rules import etats
from socles.mie.services import cycle, tls

# Both answer this long after a switch. Source: à confirmer — aucune durée n'est prescrite, une semaine ouvrée complète.
RECOUVREMENT = timedelta(days=7)


class BasculeRefusee(Conflit):
    code = "mie.bascule.refusee"


def basculer(certificat_id: UUID) -> Certificat:
    """Put a tested certificate in service for its destinations. Raises BasculeRefusee, CertificatInutilisable."""
    with transaction.atomic():
        nouveau = cycle.trouver(certificat_id, verrouiller=True)
        if nouveau.etat == etats.INSTALLE:
            raise BasculeRefusee(
                "Ce certificat n’a pas encore réussi d’appel réel\u00a0: essayez-le d’abord, puis mettez-le en service."
            )
        tls.exiger_utilisable(nouveau)
        cycle.passer(nouveau, etats.ACTIF)
        for destination in nouveau.destinations:
            _prendre_la_place(nouveau, destination)
        nouveau.actif_a = now()
        nouveau.save(update_fields=["actif_a", "modifie_a"])
        noter("mie.certificat.bascule", certificat=str(nouveau.pk), sens="avant")
    return nouveau


def _rangs(certificat: Certificat, destination: str) -> dict[str, Emploi]:
    emplois = Emploi.objects.select_for_update().filter(
        environnement=certificat.environnement, usage=certificat.usage, destination=destination
    )
    return {emploi.rang: emploi for emploi in emplois.select_related("certificat")}


def _prendre_la_place(nouveau: Certificat, destination: str) -> None:
    rangs = _rangs(nouveau, destination)
    secours = rangs.get(Rang.SECOURS)
    if secours is not None:
        secours.delete()
        _finir_s_il_ne_sert_plus(secours.certificat)
    ancien = rangs.get(Rang.PRINCIPAL)
    if ancien is not None:
        ancien.rang, ancien.depuis = Rang.SECOURS, now()
        ancien.save()
    _placer(nouveau, destination, Rang.PRINCIPAL)


def _placer(certificat: Certificat, destination: str, rang: str) -> None:
    Emploi.objects.create(
        certificat=certificat,
        environnement=certificat.environnement,
        usage=certificat.usage,
        destination=destination,
        rang=rang,
    )


def _finir_s_il_ne_sert_plus(certificat: Certificat) -> None:
    ligne = cycle.trouver(certificat.pk, verrouiller=True)
    if ligne.etat in etats.EN_SERVICE and not ligne.emplois.exists():
        cycle.passer(ligne, etats.REMPLACE)


def revenir(certificat_id: UUID) -> Certificat:
    """The former certificate in front again, where it is still behind this one. Raises BasculeRefusee."""
    with transaction.atomic():
        nouveau = cycle.trouver(certificat_id, verrouiller=True)
        faits_ici = 0
        for destination in nouveau.destinations:
            rangs = _rangs(nouveau, destination)
            devant, derriere = rangs.get(Rang.PRINCIPAL), rangs.get(Rang.SECOURS)
            if devant is None or derriere is None or devant.certificat_id != nouveau.pk:
                continue
            if not derriere.certificat.vivant:
                continue
            devant.delete()
            derriere.rang, derriere.depuis = Rang.PRINCIPAL, now()
            derriere.save()
            _placer(nouveau, destination, Rang.SECOURS)
            faits_ici += 1
        if not faits_ici:
            raise BasculeRefusee(
                "Aucun certificat précédent n’est encore en secours\u00a0: il n’y a rien à reprendre."
            )
        noter("mie.certificat.bascule", certificat=str(nouveau.pk), sens="retour")
        faits.signaler()
    return nouveau


def clore(certificat_id: UUID) -> None:
    """End the overlap by hand: the certificate behind is replaced, its key destroyed. Raises BasculeRefusee."""
    with transaction.atomic():
        ancien = cycle.trouver(certificat_id, verrouiller=True)
        emplois = list(ancien.emplois.select_for_update())
        if not emplois or any(e.rang == Rang.PRINCIPAL for e in emplois):
            raise BasculeRefusee(
                "Ce certificat est encore en service\u00a0: mettez d’abord son remplaçant en service."
            )
        cycle.passer(ancien, etats.REMPLACE)


def clore_les_recouvrements() -> int:
    """Periodic: a certificate behind for a week is let go once the one in front has served, and never fell back."""
    fermes = 0
    limite = now() - RECOUVREMENT
    for emploi in Emploi.objects.filter(rang=Rang.SECOURS, depuis__lt=limite).select_related("certificat"):
        devant = Emploi.objects.filter(
            environnement=emploi.environnement,
            usage=emploi.usage,
            destination=emploi.destination,
            rang=Rang.PRINCIPAL,
        ).first()
        if devant is None or devant.dernier_succes_a is None:
            continue
        if emploi.repli_a is not None and emploi.repli_a > emploi.depuis:
            continue
        with transaction.atomic():
            emploi.delete()
            _finir_s_il_ne_sert_plus(emploi.certificat)
            fermes += 1
    return fermes
