"""Publish inside a transaction, deliver outside: at least once, in order within an aggregate, never silently lost."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from plateforme.core.clock import now
from plateforme.observability.contexte import acteur_courant
from plateforme.outbox.models import EtatMessage, Message, Traite
from plateforme.tenancy.courant import exiger_courant

logger = logging.getLogger(__name__)

ESSAIS_MAX = 8
BAIL = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Consommateur:
    """``traiter`` runs in one transaction with its inbox row: its effect happens once or not at all."""

    nom: str
    genre: str
    traiter: Callable[[Message], None]


_consommateurs: dict[str, list[Consommateur]] = {}


def consommer(nom: str, genre: str, traiter: Callable[[Message], None]) -> None:
    """Register a consumer; called in ``apps.ready()``."""
    liste = _consommateurs.setdefault(genre, [])
    if all(existant.nom != nom for existant in liste):
        liste.append(Consommateur(nom, genre, traiter))


def publier(genre: str, agregat: str, contenu: dict[str, Any]) -> Message:
    """Write a message and ring the doorbell, both in the caller's transaction.

    Raises RuntimeError outside a transaction: a message must live or die with the fact it tells.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Un message s’écrit dans la transaction du fait qu’il raconte.")
    message = Message.objects.create(genre=genre, agregat=agregat, contenu=contenu, acteur_id=acteur_courant())
    sonner()
    return message


def sonner(disponible_a: Any = None) -> None:
    """One row in ``relais.sonnette``, without any content, and a NOTIFY at the commit."""
    structure_id = exiger_courant().structure_id
    with connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO relais.sonnette (structure_id, disponible_a) VALUES (%s, coalesce(%s, now()))",
            [structure_id, disponible_a],
        )
        curseur.execute("NOTIFY treille_relais")


def prochains(limite: int = 100) -> list[Message]:
    """Messages ready to go: the oldest undelivered of each aggregate, if its time has come."""
    instant = now()
    tetes = (
        Message.objects.filter(etat=EtatMessage.A_LIVRER).order_by("agregat", "id").distinct("agregat").values("pk")
    )
    return list(Message.objects.filter(pk__in=tetes, disponible_a__lte=instant).order_by("id")[:limite])


def prochaine_echeance() -> Any:
    """When the earliest waiting message becomes deliverable again; None when nothing waits."""
    return (
        Message.objects.filter(etat=EtatMessage.A_LIVRER)
        .order_by("disponible_a")
        .values_list("disponible_a", flat=True)
        .first()
    )


def reserver(message_id: UUID) -> bool:
    """Take the lease of a message; False when somebody else has it. It comes back by itself after BAIL."""
    instant = now()
    return (
        Message.objects.filter(pk=message_id, etat=EtatMessage.A_LIVRER, disponible_a__lte=instant).update(
            disponible_a=instant + BAIL
        )
        == 1
    )


def livrer(message_id: UUID) -> bool:
    """Run every consumer that has not done this message, then mark it delivered. True when it is.

    Idempotent: on (consumer, message). A consumer that fails leaves the others done and the message waiting.
    """
    message = Message.objects.filter(pk=message_id, etat=EtatMessage.A_LIVRER).first()
    if message is None:
        return False
    try:
        for consommateur in _consommateurs.get(message.genre, []):
            _traiter_une_fois(consommateur, message)
    except Exception as erreur:  # noqa: BLE001 - the outermost layer of delivery
        _noter_echec(message, erreur)
        return False
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(etat=EtatMessage.LIVRE, livre_a=now(), erreur="")
        if Message.objects.filter(agregat=message.agregat, etat=EtatMessage.A_LIVRER).exists():
            sonner()  # the next of the same aggregate was waiting for this one
    return True


def _traiter_une_fois(consommateur: Consommateur, message: Message) -> None:
    with transaction.atomic():
        # The unique row is the lock: a second worker waits here, then finds it done.
        nouveau = Traite.objects.bulk_create(
            [Traite(consommateur=consommateur.nom, message_id=message.pk)], ignore_conflicts=True
        )
        if not _vient_d_etre_ecrit(nouveau[0]):
            return
        consommateur.traiter(message)


def _vient_d_etre_ecrit(ligne: Traite) -> bool:
    return Traite.objects.filter(pk=ligne.pk).exists()


def _noter_echec(message: Message, erreur: Exception) -> None:
    essais = message.essais + 1
    definitif = bool(getattr(erreur, "definitif", False)) or essais >= ESSAIS_MAX
    attente = timedelta(seconds=min(3600, 2**essais))
    Message.objects.filter(pk=message.pk).update(
        essais=essais,
        etat=EtatMessage.MORT if definitif else EtatMessage.A_LIVRER,
        disponible_a=now() + attente,
        erreur=f"{type(erreur).__name__}"[:500],
    )
    logger.warning(
        "livraison refusée",
        extra={"message_id": str(message.pk), "genre": message.genre, "essais": essais, "exception": type(erreur).__name__},
    )


def relancer(message_id: UUID) -> bool:
    """Give a dead message another life, at a person's request."""
    with transaction.atomic():
        fait = Message.objects.filter(pk=message_id, etat=EtatMessage.MORT).update(
            etat=EtatMessage.A_LIVRER, essais=0, disponible_a=now()
        )
        if fait:
            sonner()
    return bool(fait)
