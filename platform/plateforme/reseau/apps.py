from django.apps import AppConfig


class ReseauConfig(AppConfig):
    name = "plateforme.reseau"
    label = "reseau"
    verbose_name = "réseau"

    def ready(self) -> None:
        from plateforme.observability.metriques import mesurer
        from plateforme.reseau.queries import travaux_en_cours

        mesurer("treille_travaux", "Travaux du réseau non terminés, par état.", travaux_en_cours)
