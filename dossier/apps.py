from django.apps import AppConfig


class DossierConfig(AppConfig):
    name = "dossier"
    label = "dossier"
    verbose_name = "dossier de l’usager"

    def ready(self) -> None:
        from dossier import evenements, faits, habilitations  # noqa: F401 - declares what it does
        from dossier.queries import prudences
        from dossier.queries.sujets import SUJETS
        from dossier.web import conventions, documents, inscriptions
        from plateforme.habilitations.registres import inscrire_sujets
        from plateforme.terrain.registres import inscrire_prudence

        inscriptions.inscrire()
        documents.inscrire()
        conventions.inscrire()
        inscrire_sujets(SUJETS)
        inscrire_prudence("dossier", prudences)
