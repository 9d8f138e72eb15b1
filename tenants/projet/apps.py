from django.apps import AppConfig


class ProjetConfig(AppConfig):
    name = "tenants.projet"
    label = "projet"
    verbose_name = "projet de grappe"

    def ready(self) -> None:
        from tenants.projet import evenements, habilitations  # noqa: F401 - they declare
        from tenants.projet.web import coquille

        coquille.installer()
