"""Single-use addresses: their secret is known to the person alone, the base keeps its fingerprint."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.identity.base import GenreDeLien
from plateforme.identity.modeles import modeles
from plateforme.identity.rules import VIE_D_UN_LIEN


class LienInvalide(ErreurMetier):
    """Unknown, used, revoked, replaced, too old, or the neighbour's: one sentence for all."""

    code: ClassVar[str] = "plateforme.lien.invalide"
    statut: ClassVar[int] = 404
    message = "Ce lien a déjà servi, a été remplacé ou n’est plus valable. Demandez-en un nouveau à votre responsable."


def _empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode("utf-8", "surrogatepass")).hexdigest()


def creer(
    compte: Any,
    genre: GenreDeLien,
    *,
    par_id: UUID | None = None,
    vie: timedelta = VIE_D_UN_LIEN,
    motif: str = "",
) -> tuple[Any, str]:
    """A new link and its secret; those given before for the same account are worth nothing any more."""
    revoquer(compte)
    jeton = secrets.token_urlsafe(32)
    lien = modeles().lien.objects.create(
        compte=compte,
        genre=genre,
        empreinte=_empreinte(jeton),
        expire_a=now() + vie,
        par_id=par_id,
        motif=motif[:300],
    )
    return lien, jeton


def revoquer(compte: Any) -> int:
    instant = now()
    return int(
        modeles().lien.objects.filter(compte=compte, utilise_a=None, revoque_a=None).update(revoque_a=instant)
    )


def _vivants() -> Any:
    return modeles().lien.objects.filter(
        utilise_a=None, revoque_a=None, expire_a__gt=now(), compte__actif=True
    )


def trouver(jeton: str) -> Any:
    """Raises LienInvalide."""
    lien = _vivants().select_related("compte").filter(empreinte=_empreinte(jeton)).first()
    if lien is None:
        raise LienInvalide
    return lien


def par_id(lien_id: Any) -> Any:
    """The link an enrolment under way started from. Raises LienInvalide."""
    lien = _vivants().select_related("compte").filter(pk=lien_id).first()
    if lien is None:
        raise LienInvalide
    return lien


def consommer(lien: Any) -> None:
    """Raises LienInvalide when another request took it first."""
    if not _vivants().filter(pk=lien.pk).update(utilise_a=now()):
        raise LienInvalide
