from django.apps import AppConfig


class RgpdConfig(AppConfig):
    name = "tenants.rgpd"
    label = "rgpd"
    verbose_name = "protection des données"
