from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "plateforme.web"
    label = "web"
    verbose_name = "interface"

    def ready(self) -> None:
        from plateforme.web import controles, habilitations  # noqa: F401 - checks and actions declared on import
        from plateforme.web.registres import EntreeRail, inscrire_rail

        inscrire_rail(
            EntreeRail("aujourdhui", "Aujourd’hui", "sun", "aujourdhui", 10, "plateforme.aujourdhui.voir")
        )
