from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "plateforme.reference"
    label = "reference"
    verbose_name = "référentiels"
