"""Organisme (FINESS juridique), Structure (FINESS géographique, the tenant) and its host names."""

from datetime import date
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from plateforme.core.models import Horodate, Identifie


class Organisme(Horodate):
    """The legal person that manages one or several structures."""

    finess = models.CharField("FINESS juridique", max_length=9, db_collation="C")
    siret = models.CharField("SIRET", max_length=14, blank=True, default="", db_collation="C")
    raison_sociale = models.CharField("raison sociale", max_length=200)

    class Meta(Horodate.Meta):
        verbose_name = "organisme gestionnaire"
        constraints = [
            models.UniqueConstraint(fields=["finess"], name="organisme_finess_unique"),
            models.CheckConstraint(condition=Q(finess__regex=r"^[0-9AB]{9}$"), name="organisme_finess_forme"),
        ]

    def __str__(self) -> str:
        return self.raison_sociale


class Profil(models.TextChoices):
    """Profile of the référencement (domain PROF-1/2): a service of help alone, or of help and care at home."""

    SAAD = "saad", "SAD aide"
    DOMICILE = "domicile", "SAD aide et soins"
    SSIAD = "ssiad", "SSIAD en transformation"


class EtatStructure(models.TextChoices):
    EN_CREATION = "en_creation", "en création"
    ACTIVE = "active", "active"
    SUSPENDUE = "suspendue", "suspendue"
    CLOSE = "close", "close"


class Structure(Horodate):
    """A SAD: one FINESS géographique, one schema, one PostgreSQL role."""

    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="structures", verbose_name="organisme"
    )
    finess = models.CharField("FINESS géographique", max_length=9, db_collation="C")
    raison_sociale = models.CharField("raison sociale", max_length=200)
    slug = models.CharField("sous-domaine", max_length=50, db_collation="C")
    commune = models.CharField("commune", max_length=100, blank=True, default="")
    fuseau = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    etat = models.CharField(
        "état", max_length=12, choices=EtatStructure.choices, default=EtatStructure.EN_CREATION
    )
    suspendue_motif = models.CharField("motif de suspension", max_length=300, blank=True, default="")
    archive = models.CharField("archive de clôture", max_length=300, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "structure"
        ordering = ["raison_sociale"]
        constraints = [
            models.UniqueConstraint(fields=["finess"], name="structure_finess_unique"),
            models.UniqueConstraint(fields=["slug"], name="structure_slug_unique"),
            models.CheckConstraint(condition=Q(finess__regex=r"^[0-9AB]{9}$"), name="structure_finess_forme"),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9-]{1,50}$"), name="structure_slug_forme"
            ),
        ]

    def __str__(self) -> str:
        return self.raison_sociale

    def __enter__(self) -> NoReturn:
        # django-tenants' sugar keeps its stack on the class: two threads restore each other's structure.
        raise TypeError("Utilisez tenants.contexte.dans_structure().")

    def __exit__(self, *_args: Any) -> None: ...

    def profil_le(self, jour: date) -> str:
        """Profile in force on ``jour``; empty before the first one."""
        profil = self.profils.filter(depuis__lte=jour).order_by("-depuis").first()
        return profil.profil if profil else ""


class ProfilDate(Identifie):
    """From this date on the structure has this profile: a SSIAD becomes a SAD mixte without a new dossier."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="profils", verbose_name="structure")
    depuis = models.DateField("depuis")
    profil = models.CharField("profil", max_length=10, choices=Profil.choices)

    class Meta(Identifie.Meta):
        verbose_name = "profil daté"
        constraints = [models.UniqueConstraint(fields=["structure", "depuis"], name="profil_un_par_date")]

    def __str__(self) -> str:
        return f"{self.get_profil_display()} depuis le {self.depuis:%d/%m/%Y}"


class Domaine(Identifie):
    """A host name that leads to a structure."""

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="domaines", verbose_name="structure"
    )
    hote = models.CharField("nom d’hôte", max_length=253, db_collation="C")
    principal = models.BooleanField("principal", default=True)

    class Meta(Identifie.Meta):
        verbose_name = "domaine"
        constraints = [
            models.UniqueConstraint(fields=["hote"], name="domaine_hote_unique"),
            models.CheckConstraint(condition=Q(hote=Lower("hote")), name="domaine_en_minuscules"),
        ]

    def __str__(self) -> str:
        return self.hote
