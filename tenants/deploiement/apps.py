from django.apps import AppConfig


class DeploiementConfig(AppConfig):
    name = "tenants.deploiement"
    label = "deploiement"
    verbose_name = "déploiement"

    def ready(self) -> None:
        from plateforme import faits
        from plateforme.outbox.services import consommer
        from tenants.deploiement import evenements, habilitations  # noqa: F401 - declare
        from tenants.deploiement.services import liste, releves
        from tenants.deploiement.web import inscriptions
        from tenants.services.travaux import apres_ouverture

        consommer("deploiement.relever", faits.GENRE, releves.sur_changement)
        apres_ouverture(liste.ouvrir_le_parcours)
        inscriptions.inscrire()
