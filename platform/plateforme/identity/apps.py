from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "plateforme.identity"
    label = "identity"
    verbose_name = "identités"

    def ready(self) -> None:
        from plateforme.identity.oidc import installation

        installation.brancher()
