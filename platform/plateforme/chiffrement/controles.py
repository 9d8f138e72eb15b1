"""Where master keys live, checked before production starts."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from plateforme.chiffrement.trousseau import CACHE_MAX_SECONDES


@register("security", deploy=True)
def cles_de_production(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    fautes: list[CheckMessage] = []

    def faute(code: str, phrase: str, remede: str) -> None:
        fautes.append(Error(phrase, hint=remede, id=f"treille.{code}"))

    if settings.CLES_FOURNISSEUR not in {"kms", "fichier"}:
        faute(
            "E010",
            f"TREILLE_CLES vaut « {settings.CLES_FOURNISSEUR} » : aucun service de clés de ce nom.",
            "Écrivez « kms ».",
        )
    if settings.CLES_FOURNISSEUR == "fichier" and not settings.CLES_FICHIER_ADMIS:
        faute(
            "E011",
            "Les clés maîtresses seraient dans des fichiers de cette machine.",
            "Donnez TREILLE_CLES=kms, ou TREILLE_CLES_FICHIER_ADMIS=oui si leur dossier est chiffré et sauvegardé à part.",
        )
    adresse = urlsplit(settings.KMS_ENDPOINT_URL)
    if settings.CLES_FOURNISSEUR == "kms" and settings.KMS_ENDPOINT_URL and adresse.scheme != "https":
        faute("E012", "Le service de clés serait joint en clair.", "KMS_ENDPOINT_URL commence par https://.")
    if settings.S3_ENDPOINT_URL and urlsplit(settings.S3_ENDPOINT_URL).scheme != "https":
        faute("E013", "Le stockage objet serait joint en clair.", "S3_ENDPOINT_URL commence par https://.")
    if not 0 <= settings.CLES_CACHE_SECONDES <= CACHE_MAX_SECONDES:
        faute("E014", "TREILLE_CLES_CACHE dépasse 300 secondes.", "Donnez une durée de 300 au plus.")
    return fautes
