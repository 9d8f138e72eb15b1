"""Tells those in charge that a note asks for them."""

from uuid import UUID

from liaison.models import Observation, Transmission
from liaison.rules import peut_lire
from plateforme.identity.models import Compte, Role
from plateforme.notifications.models import Notification
from plateforme.outbox.models import Message
from plateforme.outbox.services import consommer

A_PREVENIR = (Role.RESPONSABLE, Role.IDEC)
TITRE = "Une transmission demande votre attention"


def prevenir(message: Message) -> int:
    """« Prévenir le service »: one notification for each responsable and each IDEC. Says how many were new.

    Idempotent: on (account, message). Privacy: nothing of the note is quoted; it is read over shoulders.
    """
    note = (
        Transmission.objects.select_related("usager", "auteur")
        .filter(pk=UUID(message.contenu["transmission"]), observation=Observation.PREVENIR)
        .first()
    )
    if note is None:
        return 0
    lignes = [
        Notification(
            compte=compte,
            titre=TITRE,
            detail=_detail(note, compte),
            url=_lien(note, compte),
            icone="triangle-alert",
            origine=message.pk,
        )
        for compte in Compte.objects.filter(role__in=A_PREVENIR, actif=True).exclude(pk=note.auteur_id)
    ]
    avant = Notification.objects.filter(origine=message.pk).count()
    Notification.objects.bulk_create(lignes, ignore_conflicts=True)
    return Notification.objects.filter(origine=message.pk).count() - avant


def _lit(note: Transmission, compte: Compte) -> bool:
    return peut_lire(note.audience, role=compte.role)


def _detail(note: Transmission, compte: Compte) -> str:
    qui = f"{note.usager.nom_court}, par {note.auteur.nom_complet}"
    return qui if _lit(note, compte) else f"{qui}. Réservée aux soins\u00a0: voyez avec l’IDEC."


def _lien(note: Transmission, compte: Compte) -> str:
    if _lit(note, compte):
        return f"/transmissions/{note.pk}"
    return f"/usagers/{note.usager_id}"


def _consommer(message: Message) -> None:
    prevenir(message)


def brancher() -> None:
    """Called in ``apps.ready()``."""
    consommer("liaison.prevenir", "liaison.transmission.publiee", _consommer)
