"""Delays set by law and the retention schedule: dated, with the text they come from."""

from datetime import date

from django.db import models

from plateforme.core.models import Identifie


class DelaiLegal(Identifie):
    """A delay, true from a day on."""

    class Code(models.TextChoices):
        CNIL = "cnil", "notification d’une violation à la CNIL"
        AIPD = "aipd", "revue de l’analyse d’impact"
        SOUS_TRAITANT = "sous_traitant", "information du responsable par la plateforme"

    code = models.CharField("code", max_length=20, choices=Code.choices)
    depuis = models.DateField("en vigueur depuis")
    valeur = models.PositiveIntegerField("valeur")
    unite = models.CharField("unité", max_length=10, choices=[("heures", "heures"), ("mois", "mois")])
    source = models.TextField("source")

    class Meta(Identifie.Meta):
        verbose_name = "délai légal"
        ordering = ["code", "depuis"]
        constraints = [models.UniqueConstraint(fields=["code", "depuis"], name="rgpd_delai_un_par_date")]

    @classmethod
    def en_vigueur(cls, code: str, jour: date) -> "DelaiLegal":
        """Raises DoesNotExist before the first one."""
        lignes = cls.objects.filter(code=code, depuis__lte=jour).order_by("-depuis")
        trouve = lignes.first()
        if trouve is None:
            raise cls.DoesNotExist(code)
        return trouve


class RegleConservation(Identifie):
    """How long a kind of data is kept, where, and by which text."""

    code = models.CharField("code", max_length=30)
    depuis = models.DateField("en vigueur depuis")
    donnee = models.CharField("donnée", max_length=150)
    active = models.CharField("base active", max_length=200)
    intermediaire = models.CharField("archivage intermédiaire", max_length=200, blank=True, default="")
    source = models.TextField("source")

    class Meta(Identifie.Meta):
        verbose_name = "règle de conservation"
        ordering = ["donnee", "depuis"]
        constraints = [
            models.UniqueConstraint(fields=["code", "depuis"], name="rgpd_conservation_une_par_date")
        ]

    def __str__(self) -> str:
        return self.donnee

    @property
    def a_confirmer(self) -> bool:
        return "à confirmer" in self.source.casefold()
