"""What the product tells a person inside the product."""

from django.db import models

from plateforme.core.models import Horodate
from plateforme.identity.models import Compte


class Notification(Horodate):
    """A line under somebody's bell. No health data in ``titre``: it may be read over a shoulder."""

    compte = models.ForeignKey(
        Compte, models.CASCADE, related_name="notifications", verbose_name="destinataire"
    )
    titre = models.CharField("titre", max_length=200)
    detail = models.CharField("détail", max_length=300, blank=True, default="")
    url = models.CharField("lien", max_length=300, blank=True, default="")
    icone = models.CharField("icône", max_length=40, default="bell")
    lue_a = models.DateTimeField("lue à", null=True)
    # The outbox message it comes from: a message delivered twice notifies once.
    origine = models.UUIDField("origine", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "notification"
        ordering = ["-cree_a"]
        indexes = [models.Index(fields=["compte", "-cree_a"], name="notification_compte")]
        constraints = [
            models.UniqueConstraint(fields=["compte", "origine"], name="notification_une_par_origine")
        ]

    def __str__(self) -> str:
        return self.titre
