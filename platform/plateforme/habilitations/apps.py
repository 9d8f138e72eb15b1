from django.apps import AppConfig


class HabilitationsConfig(AppConfig):
    name = "plateforme.habilitations"
    label = "habilitations"
    verbose_name = "habilitations"

    def ready(self) -> None:
        from plateforme.habilitations import evenements, faits, habilitations  # noqa: F401 - declares what it does
        from plateforme.habilitations.web import inscriptions

        inscriptions.inscrire()
