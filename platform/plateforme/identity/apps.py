from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "plateforme.identity"
    label = "identity"
    verbose_name = "identités"

    def ready(self) -> None:
        from plateforme.identity import evenements, faits, habilitations  # noqa: F401 - declared on import
        from plateforme.identity.services import avis, soi
        from plateforme.outbox.services import consommer
        from plateforme.web.registres import Creation, EntreeRail, inscrire_creation, inscrire_rail

        consommer("identity.courriels", avis.GENRE, avis.envoyer)
        consommer("identity.oublis", soi.GENRE_OUBLI, soi.traiter_l_oubli)
        inscrire_rail(
            EntreeRail(
                "equipe",
                "Équipe et accès",
                "shield-user",
                "equipe",
                90,
                "identity.equipe.voir",
                groupe="Gestion",
            )
        )
        inscrire_creation(
            Creation("Inviter une personne", "user-plus", "inviter", "identity.compte.inviter", 90)
        )
        from plateforme.identity.oidc import installation

        installation.brancher()
