"""Addresses that open one document, for one account, for a minute."""

from typing import Any
from uuid import UUID

from django.utils.http import urlencode

from plateforme.core.clock import now
from plateforme.storage.erreurs import LienPerime
from plateforme.storage.objets import lien_valide, signer_lien

DUREE_SECONDES = 60


def _chemin(document_id: UUID, compte_id: Any) -> str:
    return f"liens/{document_id}/{str(compte_id).lower()}"


def signer(document_id: UUID, compte_id: Any) -> str:
    """What follows « ? » in the address: bound to the structure, the document, the account and an end."""
    expire_a = int(now().timestamp()) + DUREE_SECONDES
    signature = signer_lien(_chemin(document_id, compte_id), expire_a)
    return urlencode({"e": str(expire_a), "s": signature})


def exiger(document_id: UUID, compte_id: Any, expire_a: str, signature: str) -> None:
    """Raises LienPerime, alike for late, forged and somebody else's."""
    if not (expire_a.isascii() and expire_a.isdigit() and len(expire_a) <= 12 and signature.isascii()):
        raise LienPerime
    if not lien_valide(
        _chemin(document_id, compte_id), int(expire_a), signature, maintenant=int(now().timestamp())
    ):
        raise LienPerime
