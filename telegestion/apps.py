from django.apps import AppConfig


class TelegestionConfig(AppConfig):
    name = "telegestion"
    label = "telegestion"
    verbose_name = "télégestion"
