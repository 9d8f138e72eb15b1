"""Master keys in a KMS that speaks AWS's protocol: one per structure, which never leaves it."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from plateforme.chiffrement.erreurs import CleDetruite, CleIndisponible, ScelleInvalide

# The least a KMS allows: until then a destruction can be cancelled there, by its administrators only.
DELAI_DE_DESTRUCTION_JOURS = 7
# After a silence, the next calls fail at once: a page must not wait for three seconds per field.
_REPIT_SECONDES = 3.0
_DETRUITE = {"KMSInvalidStateException", "NotFoundException", "DisabledException"}
_FAUX = {"InvalidCiphertextException", "IncorrectKeyException"}


def client_kms(adresse: str, region: str) -> Any:
    import boto3
    from botocore.config import Config
    from django.conf import settings

    return boto3.client(
        "kms",
        endpoint_url=adresse or None,
        region_name=region,
        aws_access_key_id=settings.KMS_ACCESS_KEY_ID or None,
        aws_secret_access_key=settings.KMS_SECRET_ACCESS_KEY or None,
        config=Config(connect_timeout=1, read_timeout=2, retries={"max_attempts": 1}),
    )


class ClesAuKms:
    """References are ``kms:<key id>``; an alias per owner finds its key again after an opening that was cut."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self._muet_jusqu_a = 0.0

    @contextlib.contextmanager
    def _erreurs(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        if time.monotonic() < self._muet_jusqu_a:
            raise CleIndisponible
        try:
            yield
        except ClientError as erreur:
            code = erreur.response.get("Error", {}).get("Code", "")
            if code in _DETRUITE:
                raise CleDetruite from erreur
            if code in _FAUX:
                raise ScelleInvalide from erreur
            raise CleIndisponible from erreur
        except (BotoCoreError, OSError) as erreur:
            self._muet_jusqu_a = time.monotonic() + _REPIT_SECONDES
            raise CleIndisponible from erreur

    def creer(self, proprietaire: str, *, nouvelle: bool = False) -> str:
        alias = f"alias/treille-{proprietaire}"
        with self._erreurs():
            vivante = self._vivante(alias)
            if vivante and not nouvelle:
                return f"kms:{vivante}"
            cle: str = self.client.create_key(
                Description=f"Treille {proprietaire}",
                Tags=[{"TagKey": "treille", "TagValue": proprietaire}],
            )["KeyMetadata"]["KeyId"]
            return f"kms:{self._nommer(alias, cle, vivante, nouvelle=nouvelle)}"

    def _vivante(self, alias: str) -> str:
        from botocore.exceptions import ClientError

        try:
            fiche = self.client.describe_key(KeyId=alias)["KeyMetadata"]
        except ClientError as erreur:
            if erreur.response.get("Error", {}).get("Code") == "NotFoundException":
                return ""
            raise
        return str(fiche["KeyId"]) if fiche["KeyState"] == "Enabled" else ""

    def _nommer(self, alias: str, cle: str, vivante: str, *, nouvelle: bool) -> str:
        """Point the alias at the new key. Of two processes that make the first key at once, one gives way."""
        from botocore.exceptions import ClientError

        try:
            self.client.create_alias(AliasName=alias, TargetKeyId=cle)
        except ClientError as erreur:
            if erreur.response.get("Error", {}).get("Code") != "AlreadyExistsException":
                raise
            autre = self._vivante(alias)
            if autre and not nouvelle and autre != vivante:
                self.client.schedule_key_deletion(KeyId=cle, PendingWindowInDays=DELAI_DE_DESTRUCTION_JOURS)
                return autre
            self.client.update_alias(AliasName=alias, TargetKeyId=cle)
        return cle

    def _exiger_vivante(self, reference: str) -> None:
        """Asked before each use: not every KMS refuses a key whose deletion is scheduled. Use is rare, keys are cached."""
        fiche = self.client.describe_key(KeyId=reference.removeprefix("kms:"))["KeyMetadata"]
        if fiche["KeyState"] != "Enabled":
            raise CleDetruite

    def emballer(self, reference: str, octets: bytes, contexte: dict[str, str]) -> bytes:
        with self._erreurs():
            self._exiger_vivante(reference)
            reponse = self.client.encrypt(
                KeyId=reference.removeprefix("kms:"), Plaintext=octets, EncryptionContext=contexte
            )
        return bytes(reponse["CiphertextBlob"])

    def deballer(self, reference: str, emballee: bytes, contexte: dict[str, str]) -> bytes:
        with self._erreurs():
            self._exiger_vivante(reference)
            reponse = self.client.decrypt(
                KeyId=reference.removeprefix("kms:"), CiphertextBlob=emballee, EncryptionContext=contexte
            )
        return bytes(reponse["Plaintext"])

    def detruire(self, reference: str) -> None:
        with self._erreurs(), contextlib.suppress(CleDetruite):
            cle = reference.removeprefix("kms:")
            if self.client.describe_key(KeyId=cle)["KeyMetadata"]["KeyState"] == "PendingDeletion":
                return
            self.client.schedule_key_deletion(KeyId=cle, PendingWindowInDays=DELAI_DE_DESTRUCTION_JOURS)
