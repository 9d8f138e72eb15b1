from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "plateforme.tasks"
    label = "taches"
    verbose_name = "tâches"
