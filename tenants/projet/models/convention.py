"""The convention signed with the ARS: what is due, when, against which proof. Money flows are elsewhere."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from plateforme.core.models import Horodate, Journal
from tenants.models import Grappe
from tenants.projet.models.referentiel import Programme, Region


class ConventionArs(Horodate):
    """``montant`` and ``fin`` are those signed first; amendments change them, each a row of its own."""

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="conventions_ars", verbose_name="grappe")
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="conventions", verbose_name="programme"
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="région de l’ARS")
    numero = models.CharField("numéro", max_length=60)
    signataires = ArrayField(
        models.CharField("fonction", max_length=120), verbose_name="fonctions des signataires"
    )
    montant = models.DecimalField("montant signé", max_digits=12, decimal_places=2)
    signee_le = models.DateField("signée le")
    debut = models.DateField("début")
    fin = models.DateField("fin")

    class Meta(Horodate.Meta):
        verbose_name = "convention avec l’ARS"
        ordering = ["-signee_le"]
        constraints = [
            models.UniqueConstraint(fields=["region", "numero"], name="projet_convention_numero_unique"),
            models.CheckConstraint(condition=Q(montant__gt=0), name="projet_convention_montant_positif"),
            models.CheckConstraint(
                condition=Q(fin__gte=models.F("debut")), name="projet_convention_dates_ordonnees"
            ),
        ]

    def __str__(self) -> str:
        return self.numero


class AvenantArs(Journal):
    """An amendment: dated, numbered, never changed again."""

    convention = models.ForeignKey(
        ConventionArs, models.PROTECT, related_name="avenants", verbose_name="convention"
    )
    rang = models.PositiveSmallIntegerField("numéro")
    signe_le = models.DateField("signé le")
    objet = models.CharField("objet", max_length=300)
    montant = models.DecimalField("montant après l’avenant", max_digits=12, decimal_places=2)
    fin = models.DateField("fin après l’avenant")
    reference = models.CharField("référence de la pièce", max_length=120)
    enregistre_par = models.UUIDField("enregistré par")
    enregistre_a = models.DateTimeField("enregistré à")

    class Meta(Journal.Meta):
        verbose_name = "avenant"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "rang"], name="projet_avenant_rang_unique"),
            models.CheckConstraint(condition=Q(montant__gt=0), name="projet_avenant_montant_positif"),
        ]


class EtatJalon(models.TextChoices):
    A_VENIR = "a_venir", "à venir"
    PREUVE_DEPOSEE = "preuve_deposee", "preuve déposée"
    VALIDE_ARS = "valide_ars", "validé par l’ARS"
    REFUSE = "refuse", "refusé par l’ARS"


class Jalon(Horodate):
    """A step the ARS pays for once it is proven."""

    convention = models.ForeignKey(
        ConventionArs, models.PROTECT, related_name="jalons", verbose_name="convention"
    )
    libelle = models.CharField("libellé", max_length=200)
    preuve_attendue = models.CharField("preuve attendue", max_length=300)
    echeance = models.DateField("échéance")
    montant = models.DecimalField("montant lié", max_digits=12, decimal_places=2, default=Decimal(0))
    etat = models.CharField("état", max_length=20, choices=EtatJalon.choices, default=EtatJalon.A_VENIR)
    motif = models.CharField("motif du refus", max_length=300, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "jalon"
        ordering = ["echeance", "libelle"]
        constraints = [
            models.CheckConstraint(condition=Q(montant__gte=0), name="projet_jalon_montant_positif"),
            models.CheckConstraint(
                condition=~Q(etat="refuse") | ~Q(motif=""), name="projet_jalon_refus_motive"
            ),
        ]
        indexes = [
            models.Index(fields=["echeance"], condition=Q(etat="a_venir"), name="projet_jalon_a_venir")
        ]

    def __str__(self) -> str:
        return self.libelle


class PreuveDeJalon(Journal):
    """A document deposited for a step, sealed under the network's key. A new one never replaces the former."""

    jalon = models.ForeignKey(Jalon, models.PROTECT, related_name="preuves", verbose_name="jalon")
    nom = models.CharField("nom", max_length=150)
    type_reel = models.CharField("type réel", max_length=100)
    taille = models.PositiveIntegerField("taille")
    empreinte = models.CharField("empreinte", max_length=64)
    objet = models.CharField("objet stocké", max_length=120)
    deposee_par = models.UUIDField("déposée par")
    deposee_a = models.DateTimeField("déposée à")

    class Meta(Journal.Meta):
        verbose_name = "preuve de jalon"
        ordering = ["-deposee_a", "-id"]


class PassageDeJalon(Journal):
    """What happened to a step: deposited, validated, refused, and why."""

    jalon = models.ForeignKey(Jalon, models.PROTECT, related_name="passages", verbose_name="jalon")
    etat = models.CharField("état", max_length=20, choices=EtatJalon.choices)
    le = models.DateField("le")
    motif = models.CharField("motif", max_length=300, blank=True, default="")
    par = models.UUIDField("enregistré par")
    enregistre_a = models.DateTimeField("enregistré à")

    class Meta(Journal.Meta):
        verbose_name = "passage d’un jalon"
        ordering = ["-enregistre_a", "-id"]
