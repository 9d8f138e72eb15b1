"""Keys the network holds: its own, and one per structure for its archives, each under a master key of its own."""

from django.db import models
from django.db.models import Q

from plateforme.chiffrement.models import CleBase
from plateforme.core.clock import now
from plateforme.core.models import Journal


class CleReseau(CleBase):
    """``proprietaire``: ``public`` for the network's own data, ``archive-<structure>`` for a structure's archives."""

    proprietaire = models.CharField("propriétaire", max_length=60)

    class Meta(CleBase.Meta):
        db_table = "reseau_cle"
        verbose_name = "clé du réseau"
        constraints = [
            models.UniqueConstraint(
                fields=["proprietaire", "usage"],
                condition=Q(etat="active"),
                name="reseau_cle_une_active",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proprietaire} {self.usage} v{self.version}"


class DestructionDeCle(Journal):
    """Master keys of a structure, or of its archives, were destroyed: what they covered is unreadable for ever."""

    proprietaire = models.CharField("propriétaire", max_length=60)
    references = models.JSONField("clés maîtresses détruites")
    motif = models.CharField("motif", max_length=60)
    acteur_id = models.UUIDField("acteur", null=True)
    detruite_a = models.DateTimeField("détruite à", default=now)

    class Meta(Journal.Meta):
        db_table = "reseau_destruction"
        verbose_name = "destruction de clés"

    def __str__(self) -> str:
        return f"{self.proprietaire} ({self.motif})"
