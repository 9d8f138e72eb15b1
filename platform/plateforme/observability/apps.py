from django.apps import AppConfig


class ObservabilityConfig(AppConfig):
    name = "plateforme.observability"
    label = "observability"
    verbose_name = "observabilité"

    def ready(self) -> None:
        from django.conf import settings

        from plateforme.observability import sentry

        sentry.demarrer(getattr(settings, "SENTRY_DSN", ""))
