"""The outbox of a structure: what must happen outside the transaction, written inside it."""

from django.db import models
from django.db.models import Q

from plateforme.core.clock import now
from plateforme.core.models import Identifie
from plateforme.outbox.base import EtatMessage, MessageBase, TraiteBase

__all__ = ["CleIdempotence", "EtatMessage", "Message", "Traite"]


class Message(MessageBase):
    class Meta(MessageBase.Meta):
        verbose_name = "message à livrer"
        indexes = [
            models.Index(fields=["agregat", "id"], condition=Q(etat="a_livrer"), name="message_a_livrer"),
        ]


class Traite(TraiteBase):
    class Meta(TraiteBase.Meta):
        verbose_name = "message traité"
        constraints = [models.UniqueConstraint(fields=["message_id", "consommateur"], name="traite_une_fois")]


class CleIdempotence(Identifie):
    """An answer of the API kept for its key: the same request sent again gets it again, without a second effect."""

    compte_id = models.UUIDField("compte")
    cle = models.CharField("clé", max_length=200)
    empreinte = models.CharField("empreinte de la demande", max_length=64)
    statut = models.PositiveSmallIntegerField("statut HTTP", default=0)
    type_contenu = models.CharField("type de contenu", max_length=100, blank=True, default="")
    corps = models.TextField("réponse", blank=True, default="")
    cree_a = models.DateTimeField("créée à", default=now)

    class Meta(Identifie.Meta):
        verbose_name = "clé d’idempotence"
        constraints = [models.UniqueConstraint(fields=["compte_id", "cle"], name="idempotence_cle_unique")]
        indexes = [models.Index(fields=["cree_a"], name="idempotence_cree")]

    def __str__(self) -> str:
        return self.cle
