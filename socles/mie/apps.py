from django.apps import AppConfig


class MieConfig(AppConfig):
    name = "socles.mie"
    label = "mie"
    verbose_name = "moyens d’identification électronique"

    def ready(self) -> None:
        from plateforme.chiffrement.rescellement import inscrire_colonne
        from plateforme.habilitations.titres import inscrire_titre
        from plateforme.identity.services.avis import inscrire_objet
        from plateforme.outbox.services import consommer
        from socles.mie import evenements, faits, habilitations  # noqa: F401 - the first and last declare
        from socles.mie.models import Certificat
        from socles.mie.services import cles, personnes, rappels
        from socles.mie.web import inscriptions

        faits.declarer()
        inscriptions.inscrire()
        inscrire_titre(habilitations.TITRE, personnes.est_administrateur)
        inscrire_colonne(Certificat, "cle_scellee", cles.usage_de)
        inscrire_objet("mie_rappel", "Une échéance de certificat ou de carte")
        consommer("mie.rappels", rappels.GENRE, rappels.livrer)
