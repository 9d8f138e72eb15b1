"""Shapes of the outbox, for a structure and for the network."""

from django.db import models

from plateforme.core.clock import now
from plateforme.core.models import Identifie, Journal


class EtatMessage(models.TextChoices):
    A_LIVRER = "a_livrer", "à livrer"
    LIVRE = "livre", "livré"
    MORT = "mort", "abandonné après plusieurs essais"


class MessageBase(Identifie):
    """A fact to deliver at least once to every consumer of its type, in order within its aggregate.

    ``id`` is a UUIDv7: it is the order. ``disponible_a`` is the lease: a message handed to a worker comes back after it.
    """

    genre = models.CharField("type", max_length=100)
    agregat = models.CharField("agrégat", max_length=100)
    contenu = models.JSONField("contenu")
    acteur_id = models.UUIDField("acteur", null=True)
    cree_a = models.DateTimeField("créé à", default=now)
    etat = models.CharField("état", max_length=10, choices=EtatMessage.choices, default=EtatMessage.A_LIVRER)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    disponible_a = models.DateTimeField("disponible à", default=now)
    erreur = models.TextField("dernière erreur", blank=True, default="")
    livre_a = models.DateTimeField("livré à", null=True)

    class Meta(Identifie.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.genre} ({self.agregat})"


class TraiteBase(Journal):
    """The inbox: this consumer has done this message. Inserted in the same transaction as the effect."""

    consommateur = models.CharField("consommateur", max_length=100)
    message_id = models.UUIDField("message")
    traite_a = models.DateTimeField("traité à", default=now)

    class Meta(Journal.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.consommateur} : {self.message_id}"
