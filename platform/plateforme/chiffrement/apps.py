from django.apps import AppConfig


class ChiffrementConfig(AppConfig):
    name = "plateforme.chiffrement"
    label = "chiffrement"
    verbose_name = "chiffrement"

    def ready(self) -> None:
        from plateforme.chiffrement import controles, evenements, sujets  # noqa: F401 - checks and events declared

        sujets.brancher()
