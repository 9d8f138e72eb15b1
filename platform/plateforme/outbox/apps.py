from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "plateforme.outbox"
    label = "outbox"
    verbose_name = "boîte d’envoi"
