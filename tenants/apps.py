from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    label = "tenants"
    verbose_name = "structures"

    def ready(self) -> None:
        from plateforme.tenancy.repertoire import definir
        from tenants import habilitations  # noqa: F401 - declares its actions
        from tenants.repertoire import REPERTOIRE
        from tenants.web import coquille

        definir(REPERTOIRE)
        coquille.installer()
