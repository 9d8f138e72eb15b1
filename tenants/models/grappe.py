"""A grappe: structures that buy and deploy together, led by a porteur."""

from django.db import models

from plateforme.core.models import Horodate
from tenants.models.structure import Organisme, Structure


class Grappe(Horodate):
    nom = models.CharField("nom", max_length=120)
    porteur = models.ForeignKey(
        Organisme, models.PROTECT, related_name="grappes_portees", verbose_name="porteur"
    )
    ouverte_le = models.DateField("ouverte le")
    # SHA-256 of the secret in the address of its calendar of ends; empty: no calendar is given.
    calendrier = models.CharField("empreinte du calendrier", max_length=64, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "grappe"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(fields=["nom"], name="grappe_nom_unique"),
            models.UniqueConstraint(
                fields=["calendrier"], condition=~models.Q(calendrier=""), name="grappe_calendrier_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class PhaseDeploiement(models.TextChoices):
    """Where a member stands. The steps themselves come with the onboarding workflow."""

    CADRAGE = "cadrage", "cadrage"
    CONTRACTUALISATION = "contractualisation", "contractualisation"
    DEPLOIEMENT = "deploiement", "déploiement"
    PRODUCTION = "production", "production"


class Adhesion(Horodate):
    """A structure is a member of a grappe between two dates."""

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="adhesions", verbose_name="grappe")
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="adhesions", verbose_name="structure"
    )
    depuis = models.DateField("depuis")
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)
    phase = models.CharField(
        "phase", max_length=20, choices=PhaseDeploiement.choices, default=PhaseDeploiement.CADRAGE
    )

    class Meta(Horodate.Meta):
        verbose_name = "adhésion"
        constraints = [
            models.UniqueConstraint(
                fields=["structure"], condition=models.Q(jusqu_au__isnull=True), name="adhesion_une_a_la_fois"
            ),
            models.CheckConstraint(
                condition=models.Q(jusqu_au__isnull=True) | models.Q(jusqu_au__gte=models.F("depuis")),
                name="adhesion_dates_ordonnees",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.structure} dans {self.grappe}"


class CelluleModele(Horodate):
    """A cell of the matrix of rights that a grappe advises its members to set so. Each stays master of its own."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="cellules", verbose_name="grappe")
    role = models.CharField("fonction", max_length=20)
    code = models.CharField("action", max_length=80)
    permis = models.BooleanField("permis")
    motif = models.CharField("motif", max_length=200)

    class Meta(Horodate.Meta):
        verbose_name = "cellule du modèle de droits"
        ordering = ["code", "role"]
        constraints = [models.UniqueConstraint(fields=["grappe", "role", "code"], name="modele_une_cellule")]
