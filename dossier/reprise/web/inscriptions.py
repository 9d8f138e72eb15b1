"""What the takeover adds to the shell."""

from plateforme.web import registres


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    registres.inscrire_rail(
        registres.EntreeRail(
            "reprises",
            "Reprise de données",
            "folder-input",
            "reprises",
            88,
            "reprise.reprise.voir",
            "Gestion",
        )
    )
