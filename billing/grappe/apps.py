from django.apps import AppConfig


class GrappeConfig(AppConfig):
    name = "billing.grappe"
    label = "financement"
    verbose_name = "abonnements et financements"
