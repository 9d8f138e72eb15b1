"""Dated public data: thresholds, programmes, regions and whom to call there. Edited by the operator, each change kept."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from plateforme.core.models import Horodate, Identifie, Journal

SOURCE = "Source\u00a0: à confirmer"


class Seuil(Horodate):
    """A figure of the rule, true from a day on, with the text it comes from."""

    class Code(models.TextChoices):
        CONTINENT = "continent", "ESMS d’une grappe"
        ILES = "iles", "ESMS d’une grappe de Corse ou d’outre-mer"
        NATIONAL = "national", "ESMS d’une grappe qui répond à l’appel national"

    code = models.CharField("code", max_length=20, choices=Code.choices)
    depuis = models.DateField("en vigueur depuis")
    valeur = models.PositiveIntegerField("valeur")
    source = models.TextField("source")

    class Meta(Horodate.Meta):
        verbose_name = "seuil d’éligibilité"
        ordering = ["code", "depuis"]
        constraints = [
            models.UniqueConstraint(fields=["code", "depuis"], name="projet_seuil_un_par_date"),
            models.CheckConstraint(condition=Q(valeur__gt=0), name="projet_seuil_positif"),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}\u00a0: {self.valeur}"


class Programme(Horodate):
    """A funding programme and its dates. No date at all: nobody has confirmed any."""

    class Famille(models.TextChoices):
        SONS = "sons", "SONS"
        ESMS_NUMERIQUE = "esms_numerique", "ESMS numérique"
        EUROPEEN = "europeen", "financement européen"
        AUTRE = "autre", "autre financement"

    class Objet(models.TextChoices):
        ACQUISITION = "acquisition", "acquisition d’un DUI"
        MISE_A_NIVEAU = "mise_a_niveau", "mise à niveau du DUI"
        USAGES = "usages", "usages"

    code = models.SlugField("code", max_length=40)
    nom = models.CharField("nom", max_length=120)
    famille = models.CharField("famille", max_length=20, choices=Famille.choices)
    objets = ArrayField(
        models.CharField("objet", max_length=20, choices=Objet.choices), verbose_name="objets"
    )
    ouvert_du = models.DateField("ouvert du", null=True, blank=True)
    commande_jusqu_au = models.DateField("demande ou commande jusqu’au", null=True, blank=True)
    installation_jusqu_au = models.DateField("installation jusqu’au", null=True, blank=True)
    citation = models.TextField("phrase du texte", blank=True, default="")
    source = models.TextField("source")

    class Meta(Horodate.Meta):
        verbose_name = "programme de financement"
        ordering = ["famille", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="projet_programme_code_unique"),
            models.CheckConstraint(
                condition=Q(ouvert_du__isnull=True)
                | Q(commande_jusqu_au__isnull=True)
                | Q(commande_jusqu_au__gte=models.F("ouvert_du")),
                name="projet_programme_dates_ordonnees",
            ),
            models.CheckConstraint(
                condition=Q(commande_jusqu_au__isnull=True)
                | Q(installation_jusqu_au__isnull=True)
                | Q(installation_jusqu_au__gte=models.F("commande_jusqu_au")),
                name="projet_programme_installation_apres",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Region(Identifie):
    """One of the eighteen regions, by its official code. ``iles``: the threshold of Corsica and overseas applies."""

    code = models.CharField("code", max_length=2, db_collation="C")
    nom = models.CharField("nom", max_length=60)
    iles = models.BooleanField("en Corse ou outre-mer", default=False)

    class Meta(Identifie.Meta):
        verbose_name = "région"
        ordering = ["nom"]
        constraints = [models.UniqueConstraint(fields=["code"], name="projet_region_code_unique")]

    def __str__(self) -> str:
        return self.nom


class Departement(Identifie):
    """Start of a FINESS number → region, between two dates. The longest start that fits wins."""

    prefixe = models.CharField("début du FINESS", max_length=4, db_collation="C")
    nom = models.CharField("nom", max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements", verbose_name="région")
    depuis = models.DateField("depuis")
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)
    source = models.TextField("source")

    class Meta(Identifie.Meta):
        verbose_name = "département"
        ordering = ["prefixe"]
        constraints = [
            models.UniqueConstraint(fields=["prefixe", "depuis"], name="projet_departement_un_par_date")
        ]

    def __str__(self) -> str:
        return f"{self.prefixe} {self.nom}"


class CategorieFiness(Identifie):
    """Does SONS open to this category of FINESS? Absent from the table: the ARS says."""

    code = models.CharField("code", max_length=3, db_collation="C")
    libelle = models.CharField("libellé", max_length=120)
    depuis = models.DateField("depuis")
    ouverte_a_sons = models.BooleanField("ouverte à SONS")
    source = models.TextField("source")

    class Meta(Identifie.Meta):
        verbose_name = "catégorie FINESS"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "depuis"], name="projet_categorie_une_par_date")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.libelle}"


class GenreContact(models.TextChoices):
    ARS = "ars", "ARS"
    GRADES = "grades", "GRADeS"
    COLLECTIF_SI = "collectif_si", "Collectif SI médico-social"


class ContactRegional(Horodate):
    """An organisation of a region: its public site and its generic addresses, never a person's name."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="contacts", verbose_name="région")
    genre = models.CharField("genre", max_length=20, choices=GenreContact.choices)
    organisme = models.CharField("organisme", max_length=150, blank=True, default="")
    site = models.URLField("site public", blank=True, default="")
    courriel = models.EmailField("adresse générique", blank=True, default="")
    telephone = models.CharField("standard", max_length=20, blank=True, default="")
    verifie_le = models.DateField("vérifié le", null=True, blank=True)
    source = models.TextField("source", blank=True, default=SOURCE)

    class Meta(Horodate.Meta):
        verbose_name = "contact régional"
        ordering = ["region__nom", "genre"]
        constraints = [
            models.UniqueConstraint(fields=["region", "genre"], name="projet_contact_un_par_region")
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} {self.region}"

    def a_confirmer(self, jour: date) -> bool:
        """Never checked, or not for a year."""
        return self.verifie_le is None or (jour - self.verifie_le).days > 365


class Revision(Journal):
    """Who changed which public datum, when, from what to what."""

    objet = models.CharField("objet", max_length=30)
    objet_id = models.UUIDField("identifiant de l’objet")
    auteur_id = models.UUIDField("auteur")
    auteur = models.CharField("nom de l’auteur", max_length=200)
    quand = models.DateTimeField("quand")
    avant = models.JSONField("avant")
    apres = models.JSONField("après")

    class Meta(Journal.Meta):
        verbose_name = "révision"
        ordering = ["-quand", "-id"]
        indexes = [models.Index(fields=["objet_id", "-quand"], name="projet_revision_par_objet")]
