from django.apps import AppConfig


class TerrainConfig(AppConfig):
    name = "plateforme.terrain"
    label = "terrain"
    verbose_name = "évènements du terrain"
