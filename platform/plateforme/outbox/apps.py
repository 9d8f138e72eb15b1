from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "plateforme.outbox"
    label = "outbox"
    verbose_name = "boîte d’envoi"

    def ready(self) -> None:
        from plateforme.observability.metriques import mesurer
        from plateforme.outbox.relais import mesures

        mesurer("treille_outbox", "Boîtes d’envoi : la sonnette, puis un échantillon de structures.", mesures)
