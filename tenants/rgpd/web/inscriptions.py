"""What the RGPD space adds to the shell."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from plateforme.web.registres import (
    ActionLigne,
    EntreeRail,
    LigneATraiter,
    inscrire_a_traiter,
    inscrire_rail,
)
from tenants.rgpd import queries


def _violations_a_tenir(_request: HttpRequest, _jour: date) -> Iterable[LigneATraiter]:
    for lue in queries.violations(queries.organisme_courant(), ouvertes=True):
        adresse = reverse("rgpd_violation", args=[lue.violation.pk])
        yield LigneATraiter(
            cle=f"violation-{lue.violation.pk}",
            gravite=1 if lue.horloge.arretee else 0,
            famille="dossiers",
            icone="siren",
            titre=f"Violation de données n° {lue.violation.rang}",
            detail=lue.horloge.phrase,
            url=adresse,
            depuis=lue.violation.connue_a,
            actions=(ActionLigne("Ouvrir le dossier", adresse, "arrow-right", principale=True),),
        )


def inscrire() -> None:
    inscrire_rail(
        EntreeRail(
            "rgpd", "Protection des données", "shield-check", "rgpd", 84, "rgpd.espace.voir", "Gestion"
        )
    )
    inscrire_rail(
        EntreeRail("rgpd_signaler", "Violations", "siren", "rgpd_signaler", 80, "rgpd.evenement.ouvrir")
    )
    inscrire_a_traiter("rgpd", "rgpd.violation.tenir", _violations_a_tenir)
