"""Tells those in charge what a badge reveals."""

from uuid import UUID

from plateforme.core.clock import fuseau
from plateforme.identity.models import Compte, Role
from plateforme.notifications.models import Notification
from plateforme.outbox.models import Message
from plateforme.outbox.services import consommer
from telegestion.models import Pointage, SensPointage
from telegestion.queries import TOLERANCE_RETARD
from telegestion.rules import duree_dite, retard

RESPONSABLES = (Role.RESPONSABLE,)


def prevenir_du_retard(message: Message) -> int:
    """A visit begun after the tolerance: one notification for each responsable. Says how many were new.

    Idempotent: on (account, message). Privacy: the title names nobody; it is read over shoulders.
    """
    pointage = (
        Pointage.objects.select_related("intervention__usager", "intervenant")
        .filter(pk=UUID(message.contenu["pointage"]), sens=SensPointage.ARRIVEE)
        .first()
    )
    if pointage is None or pointage.intervention is None or message.contenu.get("anomalie"):
        return 0
    visite = pointage.intervention
    if pointage.pointe_a - visite.debut <= TOLERANCE_RETARD:
        return 0
    debut = visite.debut.astimezone(fuseau())
    minutes = retard(visite.debut, pointage.pointe_a)
    lignes = [
        Notification(
            compte=compte,
            titre=f"Visite commencée avec {duree_dite(minutes)} de retard",
            detail=f"{visite.usager.nom_court}, prévue à {debut:%H:%M}, {pointage.intervenant.nom_complet}",
            url=f"/interventions/{visite.pk}",
            icone="clock-alert",
            origine=message.pk,
        )
        for compte in Compte.objects.filter(role__in=RESPONSABLES, actif=True)
    ]
    avant = Notification.objects.filter(origine=message.pk).count()
    Notification.objects.bulk_create(lignes, ignore_conflicts=True)
    return Notification.objects.filter(origine=message.pk).count() - avant


def _consommer(message: Message) -> None:
    prevenir_du_retard(message)


def brancher() -> None:
    """Called in ``apps.ready()``."""
    consommer("telegestion.retard", "telegestion.pointage.recu", _consommer)
