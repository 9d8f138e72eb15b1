"""What pays for the help: a notified plan, its financeur, its volume."""

from django.db import models
from django.db.models import Q

from dossier.models.usager import Usager
from plateforme.core.models import Horodate


class NaturePriseEnCharge(models.TextChoices):
    """Families of what pays, in the words of the field. Source: domain §2.7."""

    APA = "apa", "APA"
    PCH = "pch", "PCH"
    AIDE_SOCIALE = "aide_sociale", "aide sociale"
    CAISSE = "caisse", "caisse de retraite (CARSAT, MSA…)"
    MUTUELLE = "mutuelle", "mutuelle ou assurance"
    SOINS = "soins", "soins (assurance maladie)"
    PERSONNE = "personne", "la personne elle-même"
    AUTRE = "autre", "autre"


class PriseEnCharge(Horodate):
    """A plan notified for a person, in days [du, au]: whole days, ``au`` included. No ``au``: no end was notified."""

    champ_sujet = "usager_id"

    usager = models.ForeignKey(Usager, models.CASCADE, related_name="prises_en_charge", verbose_name="usager")
    nature = models.CharField("nature", max_length=15, choices=NaturePriseEnCharge.choices)
    financeur = models.CharField("financeur", max_length=150, blank=True, default="")
    numero = models.CharField("numéro de la notification", max_length=60, blank=True, default="")
    minutes_mois = models.PositiveIntegerField("minutes par mois", null=True, blank=True)
    du = models.DateField("depuis")
    au = models.DateField("jusqu’au", null=True, blank=True)

    class Meta(Horodate.Meta):
        verbose_name = "prise en charge"
        ordering = ["-du"]
        constraints = [
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=models.F("du")), name="prise_en_charge_finit_apres"
            )
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_nature_display()}, {self.financeur}" if self.financeur else self.get_nature_display()
        )
