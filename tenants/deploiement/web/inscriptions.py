"""What the shells show of the deployments."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from plateforme.web.registres import EntreeRail, Panneau, inscrire_panneau, inscrire_rail
from tenants.deploiement.web.structure import fiche_courante


def _panneau(_request: HttpRequest, _jour: date) -> dict[str, Any] | None:
    """The next five actions, until the structure is in production."""
    fiche = fiche_courante()
    if fiche is None or fiche.parcours.en_production:
        return None
    return {"fiche": fiche, "prochaines": fiche.prochaines}


def inscrire() -> None:
    inscrire_rail(
        EntreeRail(
            "deploiement",
            "Mise en production",
            "rocket",
            "deploiement",
            80,
            "deploiement.etape.marquer",
            "Gestion",
        )
    )
    inscrire_rail(EntreeRail("ma_grappe", "Ma grappe", "grape", "ma_grappe", 50, "tenants.grappe.porter"))
    inscrire_rail(
        EntreeRail(
            "vagues", "Vagues", "calendar-range", "deploiement_vagues", 52, "deploiement.grappe.planifier"
        )
    )
    inscrire_rail(
        EntreeRail("deploiements", "Déploiements", "rocket", "deploiements", 22, "deploiement.console.suivre")
    )
    inscrire_rail(
        EntreeRail(
            "gabarits", "Gabarits", "list-checks", "deploiement_gabarits", 24, "deploiement.gabarit.modifier"
        )
    )
    inscrire_panneau(
        Panneau("deploiement", "cote", 5, "deploiement.etape.deroger", "deploiement/_panneau.html", _panneau)
    )
