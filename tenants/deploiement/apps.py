from django.apps import AppConfig


class DeploiementConfig(AppConfig):
    name = "tenants.deploiement"
    label = "deploiement"
    verbose_name = "déploiement"
