"""What the certificates add to the shell."""

from plateforme.web import registres


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    registres.inscrire_rail(
        registres.EntreeRail(
            "mie", "Certificats et cartes", "badge-check", "mie", 78, "mie.certificat.voir", groupe="Gestion"
        )
    )
    registres.inscrire_rail(
        registres.EntreeRail(
            "mie_grappe", "Certificats", "badge-check", "mie_grappe", 51, "mie.grappe.suivre"
        )
    )
