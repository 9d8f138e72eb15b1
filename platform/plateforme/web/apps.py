from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "plateforme.web"
    label = "web"
    verbose_name = "interface"

    def ready(self) -> None:
        from plateforme.web import habilitations  # noqa: F401 - declares its actions on import
