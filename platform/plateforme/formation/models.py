"""Who was trained on what, and said so."""

from datetime import date, timedelta

from django.db import models

from plateforme.core.models import Horodate, Journal
from plateforme.identity.models import Compte

# One signs the day itself, or within the month: later, the organiser holds another session.
JOURS_POUR_EMARGER = 30


class Seance(Horodate):
    titre = models.CharField("titre", max_length=120)
    le = models.DateField("date")
    minutes = models.PositiveSmallIntegerField("durée en minutes")
    animee_par = models.CharField("animée par", max_length=120)
    organisee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+", verbose_name="organisée par")

    class Meta(Horodate.Meta):
        verbose_name = "séance de formation"
        ordering = ["-le", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(5, 1440)), name="seance_duree_plausible"
            )
        ]

    def __str__(self) -> str:
        return f"{self.titre}, {self.le:%d/%m/%Y}"

    def s_emarge(self, jour: date) -> bool:
        """From the day of the session, for a month."""
        return self.le <= jour <= self.le + timedelta(days=JOURS_POUR_EMARGER)


class Emargement(Journal):
    """Signed by the person, with their own session; written once."""

    seance = models.ForeignKey(Seance, models.PROTECT, related_name="emargements", verbose_name="séance")
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="emargements", verbose_name="compte")
    a = models.DateTimeField("à")

    class Meta(Journal.Meta):
        verbose_name = "émargement"
        constraints = [models.UniqueConstraint(fields=["seance", "compte"], name="emargement_une_fois")]

    def __str__(self) -> str:
        return f"{self.compte_id} : {self.seance_id}"
