from django.apps import AppConfig


class TerrainConfig(AppConfig):
    name = "plateforme.terrain"
    label = "terrain"
    verbose_name = "évènements du terrain"

    def ready(self) -> None:
        from plateforme.terrain import habilitations  # noqa: F401 - declares its actions
        from plateforme.terrain.registres import Onglet, inscrire_onglet

        inscrire_onglet(Onglet("moi", "Moi", "circle-user-round", "poche_moi", 50, "terrain.poche.ouvrir"))
