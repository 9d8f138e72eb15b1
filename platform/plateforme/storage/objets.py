"""Objects (photos, documents, archives) behind one small port: a folder by default, S3 when it is described.

Keys always start with the bound structure's opaque id: nobody writes in a neighbour's prefix by mistake.
"""

import contextlib
import hashlib
import hmac
import os
import re
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from plateforme.core.errors import Indisponible, Introuvable
from plateforme.tenancy.courant import cle_courante

_REFUS = "Le stockage des documents refuse la demande."
_SILENCE = "Le stockage des documents ne répond pas. Réessayez dans un instant."
_SEGMENT = r"[a-z0-9][a-z0-9._-]*"
_CLE = re.compile(rf"{_SEGMENT}(/{_SEGMENT})*")
_CLE_MAX = 240


class ClefInvalide(ValueError):
    """A key is lower case, without ``..`` nor empty step: it is ours, never a person's file name."""


def _verifier(cle: str) -> str:
    if len(cle) > _CLE_MAX or ".." in cle or not _CLE.fullmatch(cle):
        raise ClefInvalide(cle)
    return cle


class Magasin(Protocol):
    """What a store must do. Keys are complete (prefix included), bytes are opaque, a prefix is any start of a key.

    Raises Introuvable for an absent object, Indisponible when the store does not answer or refuses.
    """

    def ecrire(self, cle: str, octets: bytes) -> None: ...
    def lire(self, cle: str) -> bytes: ...
    def supprimer(self, cle: str) -> None: ...
    def lister(self, prefixe: str) -> list[str]: ...


class MagasinDossier:
    """A folder: each object is written beside then renamed, so that a crash leaves no half object."""

    def __init__(self, racine: Path) -> None:
        self.racine = racine

    def _chemin(self, cle: str) -> Path:
        return self.racine / _verifier(cle)

    def ecrire(self, cle: str, octets: bytes) -> None:
        chemin = self._chemin(cle)
        provisoire: str | None = None
        try:
            chemin.parent.mkdir(parents=True, exist_ok=True)
            descripteur, provisoire = tempfile.mkstemp(dir=chemin.parent, prefix=".ecriture-")
            with os.fdopen(descripteur, "wb") as fichier:
                fichier.write(octets)
                fichier.flush()
                os.fsync(fichier.fileno())
            Path(provisoire).replace(chemin)
            _fixer(chemin.parent)
        except OSError as erreur:
            if provisoire is not None:
                Path(provisoire).unlink(missing_ok=True)
            raise Indisponible(_REFUS) from erreur

    def lire(self, cle: str) -> bytes:
        try:
            return self._chemin(cle).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as erreur:
            raise Introuvable from erreur
        except OSError as erreur:
            raise Indisponible(_REFUS) from erreur

    def supprimer(self, cle: str) -> None:
        with contextlib.suppress(NotADirectoryError, IsADirectoryError):
            self._chemin(cle).unlink(missing_ok=True)

    def lister(self, prefixe: str) -> list[str]:
        # The folder that surely holds them all, then the keys that really start so: as S3 does.
        depuis = self.racine / prefixe.rpartition("/")[0]
        cles = (
            chemin.relative_to(self.racine).as_posix()
            for chemin in depuis.rglob("*")
            if not chemin.name.startswith(".") and chemin.is_file()
        )
        return sorted(cle for cle in cles if cle.startswith(prefixe))


def _fixer(dossier: Path) -> None:
    """The new name too must survive a power cut."""
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)


class MagasinS3:
    """S3 through boto3, path-style, signature v4."""

    def __init__(self, client: Any, compartiment: str) -> None:
        self.client = client
        self.compartiment = compartiment

    @contextlib.contextmanager
    def _erreurs(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as erreur:
            if erreur.response.get("Error", {}).get("Code") in {"NoSuchKey", "404"}:
                raise Introuvable from erreur
            raise Indisponible(_REFUS) from erreur
        except (BotoCoreError, OSError) as erreur:
            raise Indisponible(_SILENCE) from erreur

    def ecrire(self, cle: str, octets: bytes) -> None:
        with self._erreurs():
            self.client.put_object(Bucket=self.compartiment, Key=_verifier(cle), Body=octets)

    def lire(self, cle: str) -> bytes:
        with self._erreurs():
            objet = self.client.get_object(Bucket=self.compartiment, Key=_verifier(cle))
            octets: bytes = objet["Body"].read()  # the network may fail here too
        return octets

    def supprimer(self, cle: str) -> None:
        with self._erreurs():
            self.client.delete_object(Bucket=self.compartiment, Key=_verifier(cle))

    def lister(self, prefixe: str) -> list[str]:
        cles: list[str] = []
        suite: dict[str, str] = {}
        with self._erreurs():
            while True:
                page = self.client.list_objects_v2(Bucket=self.compartiment, Prefix=prefixe, **suite)
                cles += [objet["Key"] for objet in page.get("Contents", [])]
                if not page.get("IsTruncated"):
                    return sorted(cles)
                suite = {"ContinuationToken": page["NextContinuationToken"]}


@lru_cache(maxsize=1)
def magasin() -> Magasin:
    """The store described by the settings."""
    if not settings.S3_ENDPOINT_URL:
        return MagasinDossier(Path(settings.TREILLE_DATA) / "objets")
    return magasin_s3()


def magasin_s3() -> MagasinS3:
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
            # Not every S3 knows the trailing checksums that boto3 now adds by itself.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    return MagasinS3(client, settings.S3_BUCKET)


def cle(chemin: str) -> str:
    """Complete key of ``chemin`` in the bound structure. Raises ClefInvalide on anything but our own alphabet."""
    return f"{cle_courante()}/{_verifier(chemin)}"


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
