from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "plateforme.storage"
    label = "storage"
    verbose_name = "documents"

    def ready(self) -> None:
        from plateforme.storage import evenements, services  # noqa: F401 - events declared

        services.brancher()
