from django.apps import AppConfig


class RgpdConfig(AppConfig):
    name = "tenants.rgpd"
    label = "rgpd"
    verbose_name = "protection des données"

    def ready(self) -> None:
        from plateforme.faits import declarer_fait
        from tenants.rgpd import evenements, habilitations, queries  # noqa: F401 - the first two declare
        from tenants.rgpd.web import inscriptions

        inscriptions.inscrire()
        declarer_fait("rgpd.dpd", "Le DPD est désigné, avec son numéro CNIL", queries.fait_dpd)
        declarer_fait("rgpd.registre", "Le registre des traitements est relu et signé", queries.fait_registre)
        declarer_fait("rgpd.aipd", "L’analyse d’impact est validée et à jour", queries.fait_aipd)
