"""What the network's rail, « Créer » menu and palette show."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from plateforme.web.registres import (
    Creation,
    EntreeRail,
    Trouvaille,
    inscrire_chercheur,
    inscrire_creation,
    inscrire_rail,
)
from tenants import queries


def _chercher(_request: HttpRequest, q: str) -> Iterable[Trouvaille]:
    if not q:
        return []
    return [
        Trouvaille(
            "Structures",
            s.raison_sociale,
            f"{s.finess}, {s.commune}",
            reverse("structure", args=[s.pk]),
            "building-2",
        )
        for s in queries.structures(q=q)[:8]
    ]


def installer() -> None:
    inscrire_rail(
        EntreeRail("structures", "Structures", "building-2", "structures", 10, "tenants.structure.lister")
    )
    inscrire_rail(EntreeRail("grappes", "Grappes", "grape", "grappes", 20, "tenants.structure.lister"))
    inscrire_rail(EntreeRail("flotte", "Flotte", "layers", "flotte", 30, "tenants.flotte.voir"))
    inscrire_rail(EntreeRail("travaux", "Travaux", "hourglass", "travaux", 40, "tenants.travail.voir"))
    inscrire_rail(
        EntreeRail("modele", "Modèle de droits", "shield", "modele_de_droits", 55, "tenants.grappe.modeler")
    )
    inscrire_creation(
        Creation("Ouvrir des structures", "building-2", "ouvrir_structures", "tenants.structure.ouvrir", 10)
    )
    inscrire_creation(Creation("Ouvrir une grappe", "grape", "ouvrir_grappe", "tenants.structure.ouvrir", 20))
    inscrire_chercheur("structures", "tenants.structure.lister", _chercher)
