from django.apps import AppConfig


def _structures_par_etat() -> list[tuple[dict[str, str], int]]:
    from tenants import queries

    return [({"etat": etat}, nombre) for etat, nombre in queries.comptes_par_etat().items()]


class TenantsConfig(AppConfig):
    name = "tenants"
    label = "tenants"
    verbose_name = "structures"

    def ready(self) -> None:
        from plateforme.habilitations.registres import inscrire_modele
        from plateforme.observability.metriques import mesurer
        from plateforme.tenancy.repertoire import definir
        from tenants import evenements, habilitations, queries  # noqa: F401 - the first two declare
        from tenants.repertoire import REPERTOIRE
        from tenants.web import coquille

        definir(REPERTOIRE)
        mesurer("treille_structures", "Structures par état.", _structures_par_etat)
        mesurer("treille_flotte_en_retard", "Schémas en retard.", lambda: [({}, queries.schemas_en_retard())])
        inscrire_modele(queries.modele_de_droits)
        coquille.installer()
