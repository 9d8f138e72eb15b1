"""Calling a socle as the structure: the certificate in service, and the one behind it when the peer refuses the first."""

import ssl
from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from plateforme import sortant
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Conflit
from socles.mie.models import Certificat, Emploi
from socles.mie.rules import etats, usages
from socles.mie.services import tls
from socles.mie.services.cles import CleAbsente
from socles.mie.services.tls import CertificatInutilisable

_PAS = timedelta(minutes=1)


class AucunCertificat(Conflit):
    code = "mie.appel.sans_certificat"


def candidats(destination: str, environnement: str) -> list[Emploi]:
    """In the order to try: in service, then behind."""
    return list(
        Emploi.objects.filter(destination=destination, environnement=environnement, usage=usages.AUTH_CLI)
        .select_related("certificat")
        .order_by("rang")  # « principal » before « secours »
    )


def _preparer(destination: str, environnement: str) -> Iterator[tuple[Emploi, ssl.SSLContext]]:
    for emploi in candidats(destination, environnement):
        if emploi.certificat.etat not in etats.EN_SERVICE:
            continue
        try:
            yield emploi, tls.contexte(emploi.certificat)
        except (CertificatInutilisable, CleAbsente):
            continue


def appeler(
    destination: str,
    methode: str,
    adresse: str,
    *,
    environnement: str = usages.PROD,
    contenu: bytes | None = None,
    entetes: Mapping[str, str] | None = None,
    hotes: tuple[str, ...] = (),
) -> sortant.Reponse:
    """One call under the certificate of ``destination``.

    The second certificate is tried only when the handshake itself failed: nothing was served, so nothing is done twice.
    Raises AucunCertificat, TlsRefuse, and what ``sortant`` does.
    """
    refus: sortant.TlsRefuse | None = None
    premier: Emploi | None = None
    # A switch may end between the reading of the rows and their use: look once more.
    for _ in range(2):
        for emploi, contexte in _preparer(destination, environnement):
            premier = premier or emploi
            try:
                reponse = sortant.demander(
                    methode, adresse, contenu=contenu, entetes=entetes, tls=contexte, hotes=hotes
                )
            except sortant.TlsRefuse as erreur:
                tls.oublier(emploi.certificat)
                refus = erreur
                continue
            _noter_le_succes(emploi, repli=refus is not None)
            return reponse
    if refus is not None:
        raise refus
    raise AucunCertificat(
        f"Aucun certificat en service pour {usages.DESTINATIONS[destination]} "
        f"({usages.ENVIRONNEMENTS[environnement]})\u00a0: voyez «\u00a0Certificats et cartes\u00a0»."
    )


def _noter_le_succes(emploi: Emploi, *, repli: bool) -> None:
    instant = now()
    Emploi.objects.filter(pk=emploi.pk).filter(
        Q(dernier_succes_a=None) | Q(dernier_succes_a__lt=instant - _PAS)
    ).update(dernier_succes_a=instant)
    if not repli:
        return
    with transaction.atomic():
        Emploi.objects.filter(pk=emploi.pk).update(repli_a=instant)
        noter("mie.certificat.repli", certificat=str(emploi.certificat_id), destination=emploi.destination)


def certificat_en_service(usage: str, destination: str, environnement: str) -> Certificat:
    """For what signs or ciphers. Raises AucunCertificat."""
    emploi = (
        Emploi.objects.filter(usage=usage, destination=destination, environnement=environnement)
        .select_related("certificat")
        .order_by("rang")
        .first()
    )
    if emploi is None or emploi.certificat.etat not in etats.EN_SERVICE or not emploi.certificat.vivant:
        raise AucunCertificat(
            f"Aucun certificat {usages.USAGES[usage]} en service pour {usages.DESTINATIONS[destination]}."
        )
    return emploi.certificat
