"""The outbox: what must happen outside the transaction, written inside it."""

from django.db import models
from django.db.models import Q

from plateforme.core.clock import now
from plateforme.core.models import Identifie, Journal


class EtatMessage(models.TextChoices):
    A_LIVRER = "a_livrer", "à livrer"
    LIVRE = "livre", "livré"
    MORT = "mort", "abandonné après plusieurs essais"


class Message(Identifie):
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
        verbose_name = "message à livrer"
        indexes = [
            models.Index(fields=["agregat", "id"], condition=Q(etat="a_livrer"), name="message_a_livrer"),
        ]

    def __str__(self) -> str:
        return f"{self.genre} ({self.agregat})"


class Traite(Journal):
    """The inbox: this consumer has done this message. Inserted in the same transaction as the effect."""

    consommateur = models.CharField("consommateur", max_length=100)
    message_id = models.UUIDField("message")
    traite_a = models.DateTimeField("traité à", default=now)

    class Meta(Journal.Meta):
        verbose_name = "message traité"
        constraints = [models.UniqueConstraint(fields=["message_id", "consommateur"], name="traite_une_fois")]

    def __str__(self) -> str:
        return f"{self.consommateur} : {self.message_id}"


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
