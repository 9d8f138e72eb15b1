"""The impact analysis of an entité juridique, version by version."""

from django.db import models
from django.db.models import Q

from plateforme.core.models import Horodate
from tenants.models import Organisme


class Aipd(Horodate):
    """Written, given an opinion by the DPD, decided by the direction; then it does not change."""

    class Sens(models.TextChoices):
        FAVORABLE = "favorable", "favorable"
        RESERVES = "reserves", "favorable avec réserves"
        DEFAVORABLE = "defavorable", "défavorable"

    class Decision(models.TextChoices):
        VALIDEE = "validee", "validée"
        A_REVOIR = "a_revoir", "à revoir"

    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="aipd", verbose_name="organisme")
    rang = models.PositiveSmallIntegerField("version")
    produit = models.CharField("version du produit", max_length=40)
    contenu = models.JSONField("contenu")
    raison = models.CharField("raison de la version", max_length=300)
    avis = models.CharField("avis du DPD", max_length=12, choices=Sens.choices, blank=True, default="")
    avis_texte = models.TextField("texte de l’avis", blank=True, default="")
    avis_a = models.DateTimeField("avis rendu à", null=True, blank=True)
    avis_par = models.UUIDField("avis rendu par", null=True, blank=True)
    decision = models.CharField(
        "décision de la direction", max_length=10, choices=Decision.choices, blank=True, default=""
    )
    decision_texte = models.TextField("motif de la décision", blank=True, default="")
    decidee_a = models.DateTimeField("décidée à", null=True, blank=True)
    decidee_par = models.UUIDField("décidée par", null=True, blank=True)
    revue_avant = models.DateField("revue avant le", null=True, blank=True)

    class Meta(Horodate.Meta):
        verbose_name = "analyse d’impact"
        ordering = ["-rang"]
        constraints = [
            models.UniqueConstraint(fields=["organisme", "rang"], name="rgpd_aipd_rang_unique"),
            models.CheckConstraint(
                condition=Q(decidee_a__isnull=True) | Q(avis_a__isnull=False), name="rgpd_aipd_avis_d_abord"
            ),
        ]
