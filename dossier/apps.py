from django.apps import AppConfig


class DossierConfig(AppConfig):
    name = "dossier"
    label = "dossier"
    verbose_name = "dossier de l’usager"

    def ready(self) -> None:
        from dossier import habilitations  # noqa: F401 - declares its actions
        from dossier.queries import prudences
        from dossier.web import inscriptions
        from plateforme.terrain.registres import inscrire_prudence

        inscriptions.inscrire()
        inscrire_prudence("dossier", prudences)
