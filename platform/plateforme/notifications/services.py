"""Acts on notifications."""

from collections.abc import Sequence
from uuid import UUID

from plateforme.core.clock import now
from plateforme.identity.models import Compte
from plateforme.notifications.models import Notification


def marquer_lues(compte: Compte, ids: Sequence[UUID] | None = None) -> int:
    """Mark the account's own unread notifications, all of them without ``ids``. Says how many changed."""
    lignes = Notification.objects.filter(compte_id=compte.pk, lue_a=None)
    if ids is not None:
        lignes = lignes.filter(pk__in=ids)
    return lignes.update(lue_a=now())
