"""Where master keys live. Every provider answers the same port; a reference says which one made it."""

from functools import lru_cache
from typing import Protocol

from django.conf import settings

from plateforme.chiffrement.erreurs import CleIndisponible


class FournisseurDeCles(Protocol):
    """Master keys, one per owner at a time. They never leave: keys are wrapped and unwrapped where they are.

    ``contexte`` is bound to the result (AAD or EncryptionContext). Raises CleIndisponible when the provider does not
    answer, CleDetruite when the key was destroyed, ScelleInvalide when the bytes are not what was wrapped.
    """

    def creer(self, proprietaire: str, *, nouvelle: bool = False) -> str:
        """Reference of the owner's master key, made if there is none; ``nouvelle`` makes another in any case."""
        ...

    def emballer(self, reference: str, octets: bytes, contexte: dict[str, str]) -> bytes: ...
    def deballer(self, reference: str, emballee: bytes, contexte: dict[str, str]) -> bytes: ...

    def detruire(self, reference: str) -> None:
        """For ever. Repeated: nothing more happens."""
        ...


@lru_cache(maxsize=4)
def _fichiers(dossier: str) -> FournisseurDeCles:
    from pathlib import Path

    from plateforme.chiffrement.fournisseurs.fichiers import ClesEnFichiers

    return ClesEnFichiers(Path(dossier))


@lru_cache(maxsize=4)
def _kms(adresse: str, region: str) -> FournisseurDeCles:
    from plateforme.chiffrement.fournisseurs.kms import ClesAuKms, client_kms

    return ClesAuKms(client_kms(adresse, region))


def fournisseur(reference: str = "") -> FournisseurDeCles:
    """The provider of ``reference``; without one, that of new keys. Both may live side by side during a move."""
    genre = reference.partition(":")[0] if reference else settings.CLES_FOURNISSEUR
    if genre == "kms":
        return _kms(settings.KMS_ENDPOINT_URL, settings.KMS_REGION)
    if genre == "fichier":
        return _fichiers(settings.CLES_DOSSIER or str(settings.TREILLE_DATA / "cles"))
    raise CleIndisponible
