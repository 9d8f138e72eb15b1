from django.apps import AppConfig


class RepriseConfig(AppConfig):
    name = "dossier.reprise"
    label = "reprise"
    verbose_name = "reprise de données"
