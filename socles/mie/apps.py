from django.apps import AppConfig


class MieConfig(AppConfig):
    name = "socles.mie"
    label = "mie"
    verbose_name = "moyens d’identification électronique"
