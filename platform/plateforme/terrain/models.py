"""What phones say, word for word, before any interpretation."""

from django.db import models

from plateforme.core.clock import now
from plateforme.core.models import Journal


class Verdict(models.TextChoices):
    ACCEPTE = "accepte", "accepté"
    ANOMALIE = "accepte_avec_anomalie", "accepté avec une anomalie"
    DOUBLON = "doublon", "déjà reçu"
    DOUBLON_DIFFERENT = "doublon_different", "déjà reçu avec un autre contenu"
    REFUSE = "refuse", "illisible"


class EvenementTerrain(Journal):
    """A fact from the field, kept whatever it says: the id is the phone's own, so a repeat is recognised.

    ``fait_a`` is the instant of the act on the server's clock (device time corrected by the offset it knew);
    ``appareil_a`` is what the device showed. The row never changes: the effect lives in the domain's tables.
    """

    genre = models.CharField("type", max_length=60)
    contenu = models.JSONField("contenu")
    empreinte = models.CharField("empreinte du contenu", max_length=64)
    compte_id = models.UUIDField("compte")
    appareil_a = models.DateTimeField("heure de l’appareil")
    fait_a = models.DateTimeField("heure retenue")
    recu_a = models.DateTimeField("reçu à", default=now)
    verdict = models.CharField("verdict", max_length=24, choices=Verdict.choices)
    code = models.CharField("code d’anomalie", max_length=60, blank=True, default="")

    class Meta(Journal.Meta):
        verbose_name = "évènement du terrain"
        indexes = [models.Index(fields=["-recu_a"], name="terrain_recu")]

    def __str__(self) -> str:
        return f"{self.genre} {self.fait_a:%d/%m %H:%M}"


class EvenementEnDouble(Journal):
    """Same id, other content: the first stands, this one is kept for a person to look at."""

    evenement_id = models.UUIDField("évènement d’origine")
    contenu = models.JSONField("contenu")
    empreinte = models.CharField("empreinte du contenu", max_length=64)
    compte_id = models.UUIDField("compte")
    recu_a = models.DateTimeField("reçu à", default=now)

    class Meta(Journal.Meta):
        verbose_name = "évènement en double"
        constraints = [
            models.UniqueConstraint(fields=["evenement_id", "empreinte"], name="double_garde_une_fois"),
        ]

    def __str__(self) -> str:
        return f"double de {self.evenement_id}"
