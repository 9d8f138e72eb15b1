from django.apps import AppConfig


class SoclesConfig(AppConfig):
    name = "socles"
    label = "socles"
    verbose_name = "services socles"
