"""Objects (photos, documents, archives) behind one small port: a folder by default, S3 when it is described.

Keys always start with the bound structure's opaque id: nobody writes in a neighbour's prefix by mistake.
"""

import hashlib
import hmac
import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from plateforme.core.errors import Indisponible, Introuvable
from plateforme.tenancy.courant import cle_courante

_CLE = re.compile(r"[a-z0-9][a-z0-9._/-]{0,200}")


class ClefInvalide(ValueError):
    """A key is lower case, without ``..``: it is ours, never a person's file name."""


class Magasin(Protocol):
    """What a store must do. Keys are complete (prefix included); bytes are opaque."""

    def ecrire(self, cle: str, octets: bytes) -> None: ...
    def lire(self, cle: str) -> bytes: ...
    def supprimer(self, cle: str) -> None: ...
    def lister(self, prefixe: str) -> list[str]: ...


class MagasinDossier:
    """A folder: each object is written beside then renamed, so that a crash leaves no half object."""

    def __init__(self, racine: Path) -> None:
        self.racine = racine

    def _chemin(self, cle: str) -> Path:
        return self.racine / cle

    def ecrire(self, cle: str, octets: bytes) -> None:
        chemin = self._chemin(cle)
        chemin.parent.mkdir(parents=True, exist_ok=True)
        descripteur, provisoire = tempfile.mkstemp(dir=chemin.parent, prefix=".ecriture-")
        with os.fdopen(descripteur, "wb") as fichier:
            fichier.write(octets)
            fichier.flush()
            os.fsync(fichier.fileno())
        Path(provisoire).replace(chemin)

    def lire(self, cle: str) -> bytes:
        try:
            return self._chemin(cle).read_bytes()
        except FileNotFoundError as erreur:
            raise Introuvable from erreur

    def supprimer(self, cle: str) -> None:
        self._chemin(cle).unlink(missing_ok=True)

    def lister(self, prefixe: str) -> list[str]:
        racine = self.racine / prefixe
        if not racine.exists():
            return []
        return sorted(
            str(chemin.relative_to(self.racine))
            for chemin in racine.rglob("*")
            if chemin.is_file() and not chemin.name.startswith(".")
        )


class MagasinS3:
    """S3 through boto3, path-style, signature v4."""

    def __init__(self, client: Any, compartiment: str) -> None:
        self.client = client
        self.compartiment = compartiment

    def _appeler(self, operation: str, **parametres: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self.client, operation)(Bucket=self.compartiment, **parametres)
        except ClientError as erreur:
            if erreur.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise Introuvable from erreur
            raise Indisponible("Le stockage des documents refuse la demande.") from erreur
        except BotoCoreError as erreur:
            raise Indisponible("Le stockage des documents ne répond pas. Réessayez dans un instant.") from erreur

    def ecrire(self, cle: str, octets: bytes) -> None:
        self._appeler("put_object", Key=cle, Body=octets)

    def lire(self, cle: str) -> bytes:
        octets: bytes = self._appeler("get_object", Key=cle)["Body"].read()
        return octets

    def supprimer(self, cle: str) -> None:
        self._appeler("delete_object", Key=cle)

    def lister(self, prefixe: str) -> list[str]:
        cles: list[str] = []
        suite: dict[str, str] = {}
        while True:
            page = self._appeler("list_objects_v2", Prefix=prefixe, **suite)
            cles += [objet["Key"] for objet in page.get("Contents", [])]
            if not page.get("IsTruncated"):
                return sorted(cles)
            suite = {"ContinuationToken": page["NextContinuationToken"]}


@lru_cache(maxsize=1)
def magasin() -> Magasin:
    """The store described by the settings."""
    if not settings.S3_ENDPOINT_URL:
        return MagasinDossier(Path(settings.TREILLE_DATA) / "objets")
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "s3",
        endpoint_url=settings.S3_ENDPOINT_URL,
        region_name=settings.S3_REGION,
        aws_access_key_id=settings.S3_ACCESS_KEY_ID,
        aws_secret_access_key=settings.S3_SECRET_ACCESS_KEY,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=3,
            read_timeout=10,
            retries={"max_attempts": 2},
        ),
    )
    return MagasinS3(client, settings.S3_BUCKET)


def cle(chemin: str) -> str:
    """Complete key of ``chemin`` in the bound structure. Raises ClefInvalide on anything but our own alphabet."""
    if not _CLE.fullmatch(chemin) or ".." in chemin:
        raise ClefInvalide(chemin)
    return f"{cle_courante()}/{chemin}"


def deposer(chemin: str, octets: bytes) -> str:
    """Store bytes of the bound structure; returns their SHA-256."""
    magasin().ecrire(cle(chemin), octets)
    return hashlib.sha256(octets).hexdigest()


def retirer(chemin: str) -> bytes:
    return magasin().lire(cle(chemin))


def signer_lien(chemin: str, expire_a: int) -> str:
    """MAC of a download link: binds the structure, the object and the end (Unix seconds)."""
    message = f"{cle(chemin)}|{expire_a}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def lien_valide(chemin: str, expire_a: int, signature: str, *, maintenant: int) -> bool:
    return expire_a >= maintenant and hmac.compare_digest(signer_lien(chemin, expire_a), signature)
