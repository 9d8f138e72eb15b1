"""Who protects the data of an entité juridique, since when, under which number."""

from django.db import models
from django.db.models import Q

from plateforme.core.models import Horodate
from tenants.models import Organisme


class DesignationDpd(Horodate):
    """A data protection officer belongs to the entité juridique, never to a grappe. Past ones stay.

    Source: RGPD art. 37 ; guide DGCS 11/2023 (chaque entité garde son DPD ; entité unique : nouvelle déclaration).
    """

    class Nature(models.TextChoices):
        INTERNE = "interne", "interne"
        EXTERNE = "externe", "externe"
        MUTUALISE = "mutualise", "mutualisé"

    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="designations_dpd", verbose_name="organisme"
    )
    nature = models.CharField("nature", max_length=10, choices=Nature.choices)
    designe = models.CharField("fonction ou organisme désigné", max_length=150)
    contact = models.EmailField("adresse de contact publiée", max_length=254)
    numero_cnil = models.CharField("numéro de désignation CNIL", max_length=30, blank=True, default="")
    depuis = models.DateField("depuis")
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)
    fin_motif = models.CharField("motif de fin", max_length=300, blank=True, default="")
    enregistre_par = models.UUIDField("enregistré par")
    enregistre_role = models.CharField("fonction de qui enregistre", max_length=60)

    class Meta(Horodate.Meta):
        verbose_name = "désignation du DPD"
        ordering = ["-depuis", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisme"], condition=Q(jusqu_au__isnull=True), name="rgpd_un_dpd_en_fonction"
            ),
            models.CheckConstraint(
                condition=Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=models.F("depuis")),
                name="rgpd_dpd_dates_ordonnees",
            ),
        ]
