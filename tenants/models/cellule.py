"""The directory of cells: where each structure's schema is. One cell today, several by adding rows."""

from django.db import models
from django.db.models import Q

from plateforme.core.models import Horodate, Identifie
from tenants.models.structure import Structure


class Cellule(Identifie):
    """One PostgreSQL database with its workers and its Redis; at most 2 000 structures."""

    nom = models.CharField("nom", max_length=40, db_collation="C")
    alias = models.CharField("alias Django", max_length=40, default="default")
    capacite = models.PositiveIntegerField("capacité", default=2000)

    class Meta(Identifie.Meta):
        verbose_name = "cellule"
        constraints = [models.UniqueConstraint(fields=["nom"], name="cellule_nom_unique")]

    def __str__(self) -> str:
        return self.nom


class EtatEmplacement(models.TextChoices):
    PRET = "pret", "prêt"
    ATTRIBUE = "attribue", "attribué"
    SUPPRIME = "supprime", "supprimé"


class Emplacement(Horodate):
    """A stamped schema: free in the pool, or a structure's. ``rang`` is the last fleet step it has."""

    cellule = models.ForeignKey(Cellule, models.PROTECT, related_name="emplacements", verbose_name="cellule")
    structure = models.OneToOneField(
        Structure, models.PROTECT, related_name="emplacement", verbose_name="structure", null=True, blank=True
    )
    schema = models.CharField("schéma", max_length=18, db_collation="C")
    role = models.CharField("rôle", max_length=18, db_collation="C")
    cle = models.CharField("référence de la clé de données", max_length=100, blank=True, default="")
    rang = models.PositiveIntegerField("rang du schéma")
    etat = models.CharField(
        "état", max_length=10, choices=EtatEmplacement.choices, default=EtatEmplacement.PRET
    )

    class Meta(Horodate.Meta):
        verbose_name = "emplacement"
        constraints = [
            models.UniqueConstraint(fields=["schema"], name="emplacement_schema_unique"),
            models.CheckConstraint(
                condition=Q(schema__regex=r"^t_[a-z2-7]{16}$"), name="emplacement_schema_opaque"
            ),
            models.CheckConstraint(condition=Q(role=models.F("schema")), name="emplacement_role_du_schema"),
            models.CheckConstraint(
                condition=Q(etat="attribue", structure__isnull=False) | ~Q(etat="attribue"),
                name="emplacement_attribue_a_quelqu_un",
            ),
        ]
        indexes = [
            models.Index(fields=["cree_a"], condition=Q(etat="pret"), name="emplacement_libre"),
            models.Index(fields=["rang"], name="emplacement_rang"),
        ]

    def __str__(self) -> str:
        return self.schema
