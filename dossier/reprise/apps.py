from django.apps import AppConfig


class RepriseConfig(AppConfig):
    name = "dossier.reprise"
    label = "reprise"
    verbose_name = "reprise de données"

    def ready(self) -> None:
        from dossier.reprise import evenements, habilitations  # noqa: F401 - declares what it does
        from dossier.reprise.queries import fait_signee
        from dossier.reprise.services import annulation, essai, genres, integration
        from dossier.reprise.web import inscriptions
        from plateforme.faits import declarer_fait

        genres.brancher()
        essai.brancher()
        integration.brancher()
        annulation.brancher()
        inscriptions.inscrire()
        declarer_fait("reprise.signee", "La reprise des données est signée par la direction", fait_signee)
