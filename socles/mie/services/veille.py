"""What time does: certificates near their end, ended, revoked; cards near theirs; people who left with one."""

import logging

from cryptography import x509
from django.db import transaction

from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.identity.services.avis import prevenir_la_direction
from socles.mie.models import Carte, Certificat, EtatCarte, Revocation
from socles.mie.rules import etats
from socles.mie.services import bascule, cycle, rappels, revocation

logger = logging.getLogger(__name__)


def veiller() -> None:
    """Every hour, in the current structure. Each part stands alone: one that fails does not stop the others."""
    for acte in (
        suivre_le_temps,
        bascule.clore_les_recouvrements,
        verifier_les_revocations,
        rappels.rappeler,
    ):
        try:
            acte()
        except ErreurMetier:
            logger.exception("veille des certificats", extra={"code": acte.__name__})


def suivre_le_temps() -> None:
    """States follow the clock: to renew, then expired. Cards too."""
    instant, premier = now(), max(rappels.seuils())
    for cle in Certificat.objects.filter(etat__in=etats.VIVANTS).values_list("pk", flat=True):
        with transaction.atomic():
            certificat = cycle.trouver(cle, verrouiller=True)
            reste = certificat.jours_restants
            if certificat.fin is None or reste is None or certificat.etat not in etats.VIVANTS:
                continue
            if certificat.fin <= instant:
                rappels.dire_la_fin(certificat)
                cycle.passer(certificat, etats.EXPIRE)
            elif certificat.etat == etats.ACTIF and reste <= premier:
                cycle.passer(certificat, etats.A_RENOUVELER)
    from plateforme.core.clock import today

    Carte.objects.filter(etat=EtatCarte.ACTIVEE, expire_le__lt=today()).update(etat=EtatCarte.EXPIREE)


def verifier_les_revocations() -> None:
    """Every certificate that may serve, asked again. Nobody answers: it keeps serving, and the lists give the alert."""
    for certificat in Certificat.objects.filter(etat__in=etats.VIVANTS).exclude(pem=""):
        feuille = x509.load_pem_x509_certificate(certificat.pem.encode())
        chaine = x509.load_pem_x509_certificates(certificat.chaine.encode())
        statut = revocation.interroger(feuille, chaine[0])
        if statut is None:
            continue
        with transaction.atomic():
            ligne = cycle.trouver(certificat.pk, verrouiller=True)
            if ligne.etat not in etats.VIVANTS:
                continue
            ligne.revocation_vue_a = now()
            if statut.revoque_a is None:
                ligne.revocation = Revocation.BON
                ligne.save(update_fields=["revocation", "revocation_vue_a", "modifie_a"])
                continue
            ligne.revoque_a = statut.revoque_a
            cycle.passer(ligne, etats.REVOQUE)
            prevenir_la_direction(
                "Un certificat a été révoqué",
                f"{ligne.intitule}\u00a0: l’IGC-Santé l’a révoqué, il ne sert plus. Commandez son remplaçant.",
                f"/mie/certificats/{ligne.pk}",
            )
