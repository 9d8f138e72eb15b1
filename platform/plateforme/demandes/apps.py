from django.apps import AppConfig


class DemandesConfig(AppConfig):
    name = "plateforme.demandes"
    label = "demandes"
    verbose_name = "demandes des personnes"

    def ready(self) -> None:
        from plateforme.demandes import evenements, habilitations  # noqa: F401 - declared on import
        from plateforme.demandes.web import inscrire

        inscrire()
