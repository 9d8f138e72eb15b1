from django.apps import AppConfig


class UsagerConfig(AppConfig):
    name = "billing.usager"
    label = "facturation"
    verbose_name = "facturation des usagers"
