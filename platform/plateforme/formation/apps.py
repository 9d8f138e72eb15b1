from django.apps import AppConfig


class FormationConfig(AppConfig):
    name = "plateforme.formation"
    label = "formation"
    verbose_name = "formations"

    def ready(self) -> None:
        from plateforme.formation import evenements, faits, habilitations  # noqa: F401 - declared on import
        from plateforme.web.registres import EntreeRail, inscrire_rail

        inscrire_rail(
            EntreeRail(
                "formations",
                "Formations",
                "graduation-cap",
                "formations",
                82,
                "formation.seance.suivre",
                "Gestion",
            )
        )
