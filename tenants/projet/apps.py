from django.apps import AppConfig


class ProjetConfig(AppConfig):
    name = "tenants.projet"
    label = "projet"
    verbose_name = "projet de grappe"
