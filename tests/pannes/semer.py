"""Run as a program by the test: two structures, their people, visits to badge. Prints what the phones must know."""

import json
import sys
from datetime import timedelta
from typing import Any

import django


def _visites(identifiant: str, combien: int) -> list[str]:
    """Begun two hours ago, one after the other: every arrival is late, and someone must hear of it once."""
    from plateforme.core.clock import now
    from telegestion.models import Intervention
    from tests.telegestion.fabrique import intervenant, usager

    qui, chez, depart = intervenant(identifiant), usager(), now() - timedelta(hours=2)
    lignes = [
        Intervention.objects.create(
            usager=chez,
            intervenant=qui,
            debut=depart - timedelta(minutes=5 * rang + 5),
            fin=depart - timedelta(minutes=5 * rang),
            nature="toilette",
        )
        for rang in range(combien)
    ]
    return [str(ligne.pk) for ligne in lignes]


def semer(combien: int) -> dict[str, Any]:
    from plateforme.identity.services import secours
    from plateforme.tenancy.courant import PUBLIC, lier
    from tests.support.monde import Monde, compte, peupler

    with lier(PUBLIC):
        peupler()
        monde = Monde.charger()
    vu: dict[str, Any] = {}
    for contexte, identifiants in ((monde.a, ("awa", "bruno")), (monde.b, ("celia",))):
        with lier(contexte):
            vu[contexte.slug] = {
                "schema": contexte.schema,
                "visites": {identifiant: _visites(identifiant, combien) for identifiant in identifiants},
                "secours": {
                    identifiant: secours.renouveler(compte(identifiant)) for identifiant in identifiants
                },
            }
    return vu


if __name__ == "__main__":
    django.setup()
    from plateforme.audit.journal import acte

    with acte("essai"):
        json.dump(semer(int(sys.argv[1])), sys.stdout)
