"""Publish inside a transaction, deliver outside: at least once, in order within an aggregate, never silently lost."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from plateforme.core.clock import now
from plateforme.observability.contexte import acteur_courant, tracer
from plateforme.outbox.base import EtatMessage, MessageBase
from plateforme.outbox.modeles import RESEAU, boite
from plateforme.outbox.models import CleIdempotence
from plateforme.tenancy.courant import exiger_courant

logger = logging.getLogger(__name__)

# 5 s, 20 s, 80 s, 5 min, 21 min, then every hour: about six hours before a person must look.
ESSAIS_MAX = 11
ATTENTE_MAX = timedelta(hours=1)

# A delivered message is useless; its inbox rows stay, so that it can never be done again.
GARDE_LIVRES = timedelta(days=30)
GARDE_CLES = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Consommateur:
    """``traiter`` runs in one transaction with its inbox row: its effect happens once or not at all."""

    nom: str
    genre: str
    traiter: Callable[[Any], None]  # a Message where it was published, in a structure or in the network


class DejaEnCours(Exception):
    """Another worker is doing this message: leave it to it."""


_consommateurs: dict[str, list[Consommateur]] = {}


def consommer(nom: str, genre: str, traiter: Callable[[Any], None]) -> None:
    """Register a consumer; called in ``apps.ready()``."""
    liste = _consommateurs.setdefault(genre, [])
    if all(existant.nom != nom for existant in liste):
        liste.append(Consommateur(nom, genre, traiter))


def publier(genre: str, agregat: str, contenu: dict[str, Any]) -> MessageBase:
    """Write a message and ring the doorbell, both in the caller's transaction.

    Raises RuntimeError outside a transaction: a message must live or die with the fact it tells.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Un message s’écrit dans la transaction du fait qu’il raconte.")
    message: MessageBase = boite()[0].objects.create(
        genre=genre, agregat=agregat, contenu=contenu, acteur_id=acteur_courant()
    )
    sonner()
    return message


def sonner(disponible_a: datetime | None = None) -> None:
    """One row in ``relais.sonnette``, without any content, and a NOTIFY at the commit."""
    structure_id = exiger_courant().structure_id or RESEAU
    with connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO relais.sonnette (structure_id, disponible_a) VALUES (%s, coalesce(%s, now()))",
            [structure_id, disponible_a],
        )
        curseur.execute("NOTIFY treille_relais")


def _messages() -> "QuerySet[MessageBase]":
    lignes: QuerySet[MessageBase] = boite()[0].objects.all()
    return lignes


def _tetes() -> "QuerySet[MessageBase]":
    """The oldest undelivered message of each aggregate: the others wait for it."""
    tetes = (
        _messages()
        .filter(etat=EtatMessage.A_LIVRER)
        .order_by("agregat", "id")
        .distinct("agregat")
        .values("pk")
    )
    return _messages().filter(pk__in=tetes)


def prochains(limite: int = 100) -> list[MessageBase]:
    """Messages ready to go: the head of each aggregate, if its time has come."""
    return list(_tetes().filter(disponible_a__lte=now()).order_by("id")[:limite])


def prochaine_echeance() -> datetime | None:
    """When a head becomes deliverable (again); None when nothing waits.

    What waits behind a head does not count: its turn is rung by the delivery of the head.
    """
    return _tetes().order_by("disponible_a").values_list("disponible_a", flat=True).first()


def _bail() -> timedelta:
    return timedelta(seconds=getattr(settings, "OUTBOX_BAIL_SECONDES", 60))


def en_vol() -> int:
    """Messages handed over and not yet answered for (those that soon try again count too)."""
    instant = now()
    return (
        _messages()
        .filter(etat=EtatMessage.A_LIVRER, disponible_a__gt=instant, disponible_a__lte=instant + _bail())
        .count()
    )


def reserver(message_id: UUID) -> bool:
    """Take the lease of a message; False when somebody else has it. It comes back by itself after a minute."""
    instant = now()
    return (
        _messages()
        .filter(pk=message_id, etat=EtatMessage.A_LIVRER, disponible_a__lte=instant)
        .update(disponible_a=instant + _bail())
        == 1
    )


def liberer(messages: list[UUID]) -> None:
    """Give leases back: these messages were not handed to anybody."""
    _messages().filter(pk__in=messages, etat=EtatMessage.A_LIVRER).update(disponible_a=now())


def livrer(message_id: UUID) -> bool:
    """Run every consumer that has not done this message, then mark it delivered. True when it is.

    Idempotent: on (consumer, message). A consumer that fails leaves the others done and the message waiting. A late
    copy of a message whose aggregate has an older one waiting is left alone: its turn will come.
    """
    message = _messages().filter(pk=message_id, etat=EtatMessage.A_LIVRER).first()
    if message is None or _attend_son_tour(message):
        return False
    echec: Exception | None = None
    with tracer(acteur_id=message.acteur_id):
        for consommateur in _consommateurs.get(message.genre, []):
            try:
                _traiter_une_fois(consommateur, message)
            except DejaEnCours:
                return False
            except Exception as erreur:  # noqa: BLE001 - the outermost layer of delivery
                echec = _le_moins_grave(echec, erreur)
    if echec is not None:
        _noter_echec(message, echec)
        return False
    with transaction.atomic():
        _messages().filter(pk=message.pk, etat=EtatMessage.A_LIVRER).update(
            etat=EtatMessage.LIVRE, livre_a=now(), erreur=""
        )
        _appeler_le_suivant(message.agregat)
    return True


def _attend_son_tour(message: MessageBase) -> bool:
    return _messages().filter(agregat=message.agregat, etat=EtatMessage.A_LIVRER, pk__lt=message.pk).exists()


def _appeler_le_suivant(agregat: str) -> None:
    if _messages().filter(agregat=agregat, etat=EtatMessage.A_LIVRER).exists():
        sonner()


def _est_definitif(erreur: Exception) -> bool:
    return bool(getattr(erreur, "definitif", False))


def _le_moins_grave(premier: Exception | None, second: Exception) -> Exception:
    """Of two failures, one that may pass: the message lives as long as one consumer may still succeed."""
    return second if premier is None or _est_definitif(premier) else premier


def _traiter_une_fois(consommateur: Consommateur, message: MessageBase) -> None:
    """Effect and inbox row together. The lock ends with the transaction, or with the worker's life."""
    with transaction.atomic():
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"treille.livraison:{exiger_courant().schema}:{message.pk}:{consommateur.nom}"],
            )
            if not curseur.fetchone()[0]:
                raise DejaEnCours
        if boite()[1].objects.filter(message_id=message.pk, consommateur=consommateur.nom).exists():
            return
        boite()[1].objects.create(consommateur=consommateur.nom, message_id=message.pk)
        consommateur.traiter(message)


def _noter_echec(message: MessageBase, erreur: Exception) -> None:
    essais = message.essais + 1
    definitif = _est_definitif(erreur) or essais >= ESSAIS_MAX
    reprise = now() + min(ATTENTE_MAX, timedelta(seconds=5 * 4 ** (essais - 1)))
    with transaction.atomic():
        # Not if another worker delivered it meanwhile, or already noted this same attempt.
        note = (
            _messages()
            .filter(pk=message.pk, etat=EtatMessage.A_LIVRER, essais=message.essais)
            .update(
                essais=essais,
                etat=EtatMessage.MORT if definitif else EtatMessage.A_LIVRER,
                disponible_a=reprise,
                erreur=type(erreur).__name__[:500],
            )
        )
        if note and definitif:
            _appeler_le_suivant(message.agregat)
        elif note:
            sonner(reprise)
    logger.warning(
        "livraison refusée",
        extra={
            "message_id": str(message.pk),
            "genre": message.genre,
            "essais": essais,
            "exception": type(erreur).__name__,
        },
    )


def morts() -> "QuerySet[MessageBase]":
    """Dead letters of the structure, newest first: what a person must look at."""
    return _messages().filter(etat=EtatMessage.MORT).order_by("-id")


def relancer(message_id: UUID) -> bool:
    """Give a dead message another life, at a person's request."""
    with transaction.atomic():
        fait = (
            _messages()
            .filter(pk=message_id, etat=EtatMessage.MORT)
            .update(etat=EtatMessage.A_LIVRER, essais=0, disponible_a=now())
        )
        if fait:
            sonner()
    return bool(fait)


def purger() -> None:
    """Forget what has served: delivered messages, stored API answers. Dead letters and the inbox stay."""
    instant = now()
    _messages().filter(etat=EtatMessage.LIVRE, livre_a__lt=instant - GARDE_LIVRES).delete()
    if exiger_courant().est_une_structure:
        CleIdempotence.objects.filter(cree_a__lt=instant - GARDE_CLES).delete()
