from django.apps import AppConfig


class TelegestionConfig(AppConfig):
    name = "telegestion"
    label = "telegestion"
    verbose_name = "télégestion"

    def ready(self) -> None:
        from telegestion import habilitations  # noqa: F401 - declares its actions
        from telegestion.services import alertes, reprise, terrain
        from telegestion.web import inscriptions

        alertes.brancher()
        terrain.brancher()
        reprise.brancher()
        inscriptions.inscrire()
