"""The fleet: the stamped text, the steps of its evolution, and what each schema made of them."""

from django.db import models

from plateforme.core.models import Horodate, Identifie
from tenants.models.cellule import Emplacement


class Modele(Horodate):
    """The DDL of an empty structure at a given rank, as one text with unqualified names."""

    rang = models.PositiveIntegerField("rang")
    ddl = models.TextField("texte")
    empreinte = models.CharField("empreinte du texte", max_length=64)
    structurelle = models.CharField("empreinte du catalogue", max_length=64)

    class Meta(Horodate.Meta):
        verbose_name = "modèle de schéma"
        constraints = [models.UniqueConstraint(fields=["rang"], name="modele_rang_unique")]

    def __str__(self) -> str:
        return f"modèle {self.rang}"


class Etape(Horodate):
    """One Django migration, planned once on the template. ``sql`` is replayed as is; ``python`` runs in its own lane."""

    rang = models.PositiveIntegerField("rang")
    application = models.CharField("application", max_length=60)
    nom = models.CharField("migration", max_length=150)
    sql = models.TextField("SQL", blank=True, default="")
    python = models.BooleanField("voie Python", default=False)

    class Meta(Horodate.Meta):
        verbose_name = "étape de la flotte"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["rang"], name="etape_rang_unique"),
            models.UniqueConstraint(fields=["application", "nom"], name="etape_migration_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.rang} {self.application}.{self.nom}"


class Passage(Identifie):
    """What happened when a schema went through a step: the result per structure, kept."""

    emplacement = models.ForeignKey(
        Emplacement, models.CASCADE, related_name="passages", verbose_name="emplacement"
    )
    rang = models.PositiveIntegerField("rang")
    reussi = models.BooleanField("réussi")
    erreur = models.TextField("erreur", blank=True, default="")
    duree_ms = models.FloatField("durée en millisecondes")
    a = models.DateTimeField("à", auto_now_add=True)

    class Meta(Identifie.Meta):
        verbose_name = "passage"
        indexes = [models.Index(fields=["emplacement", "-a"], name="passage_par_emplacement")]

    def __str__(self) -> str:
        return f"{self.emplacement_id} rang {self.rang}"
