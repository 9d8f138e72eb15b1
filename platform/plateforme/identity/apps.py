from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "plateforme.identity"
    label = "identity"
    verbose_name = "identités"
