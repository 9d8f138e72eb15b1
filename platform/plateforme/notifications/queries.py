"""What stands under somebody's bell."""

from uuid import UUID

from plateforme.identity.models import Compte
from plateforme.notifications.models import Notification

LIMITE = 100


def pour(compte: Compte) -> list[Notification]:
    """The latest ones, newest first."""
    return list(Notification.objects.filter(compte_id=compte.pk)[:LIMITE])


def nombre_non_lues(compte: Compte) -> int:
    return Notification.objects.filter(compte_id=compte.pk, lue_a=None).count()


def lien_de(compte: Compte, cle: UUID) -> str:
    """Where a notification of this very account leads, "" when it leads nowhere or is somebody else's."""
    ligne = Notification.objects.filter(compte_id=compte.pk, pk=cle).first()
    return ligne.url if ligne else ""
