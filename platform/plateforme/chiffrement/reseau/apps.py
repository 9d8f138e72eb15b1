from django.apps import AppConfig


class ChiffrementReseauConfig(AppConfig):
    name = "plateforme.chiffrement.reseau"
    label = "chiffrement_reseau"
    verbose_name = "chiffrement du réseau"
