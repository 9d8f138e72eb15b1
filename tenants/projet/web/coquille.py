"""What the network's rail shows of projects."""

from plateforme.web.registres import EntreeRail, inscrire_rail


def installer() -> None:
    inscrire_rail(EntreeRail("projet", "Projet", "target", "projet", 60, "projet.grappe.conduire"))
    inscrire_rail(
        EntreeRail(
            "convention_ars", "Convention ARS", "handshake", "convention_ars", 65, "projet.convention.voir"
        )
    )
    inscrire_rail(
        EntreeRail("programmes", "Programmes", "landmark", "programmes", 70, "projet.referentiel.tenir")
    )
    inscrire_rail(
        EntreeRail(
            "annuaire_regional", "Annuaire régional", "map", "annuaire_regional", 75, "projet.annuaire.voir"
        )
    )
