from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    name = "liaison"
    label = "liaison"
    verbose_name = "cahier de liaison"

    def ready(self) -> None:
        from dossier.registres import inscrire_affectation
        from liaison import habilitations  # noqa: F401 - declares its actions
        from liaison.queries import AFFECTATION, prudences
        from liaison.services import prevenir, terrain
        from liaison.web import inscriptions
        from plateforme.terrain.registres import inscrire_prudence

        inscrire_affectation(AFFECTATION)
        inscrire_prudence("liaison", prudences)
        prevenir.brancher()
        terrain.brancher()
        inscriptions.inscrire()
