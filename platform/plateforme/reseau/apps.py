from django.apps import AppConfig


class ReseauConfig(AppConfig):
    name = "plateforme.reseau"
    label = "reseau"
    verbose_name = "réseau"
