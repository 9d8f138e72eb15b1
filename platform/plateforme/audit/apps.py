from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "plateforme.audit"
    label = "audit"
    verbose_name = "journal des accès"

    def ready(self) -> None:
        from plateforme.audit import (
            evenements,  # noqa: F401 - declares its events
            habilitations,  # noqa: F401 - declares its actions
            lectures,
        )
        from plateforme.audit.ecriture import ecrire
        from plateforme.audit.journal import signaler
        from plateforme.audit.web import inscriptions
        from plateforme.tenancy.backend import base

        lectures.brancher(signaler)
        base.ecrivain = ecrire
        inscriptions.inscrire()
