from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "plateforme.notifications"
    label = "notifications"
    verbose_name = "notifications"
