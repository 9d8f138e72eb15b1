"""What the journal adds to the shell: an entry for who controls, another for who sees figures."""

from plateforme.web import registres


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    registres.inscrire_rail(
        registres.EntreeRail(
            "journal", "Journal des accès", "scroll-text", "journal", 84, "audit.journal.voir", "Gestion"
        )
    )
    registres.inscrire_rail(
        registres.EntreeRail(
            "journal-chiffres",
            "Accès en chiffres",
            "chart-column",
            "journal_chiffres",
            86,
            "audit.journal.chiffres",
            "Gestion",
        )
    )
