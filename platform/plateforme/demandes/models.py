"""What people ask about their own data, and what became of it. Named as they wrote: the dossier is opened elsewhere."""

from django.db import models
from django.db.models import Q

from plateforme.core.models import Horodate, Journal


class Genre(models.TextChoices):
    """Source: RGPD articles 15 to 21; CSP L1111-7."""

    ACCES = "acces", "accès à ses données"
    MEDICAL = "medical", "accès au dossier de soins"
    RECTIFICATION = "rectification", "rectification"
    EFFACEMENT = "effacement", "effacement"
    LIMITATION = "limitation", "limitation"
    OPPOSITION = "opposition", "opposition"
    PORTABILITE = "portabilite", "portabilité"


class Qualite(models.TextChoices):
    PERSONNE = "personne", "la personne elle-même"
    REPRESENTANT = "representant", "son représentant légal"
    MANDATAIRE = "mandataire", "une personne mandatée"
    AYANT_DROIT = "ayant_droit", "un ayant droit"


class Canal(models.TextChoices):
    COURRIER = "courrier", "courrier"
    COURRIEL = "courriel", "courriel"
    ORAL = "oral", "sur place ou au téléphone"


class Preuve(models.TextChoices):
    CONNUE = "connue", "connue du service"
    PIECE = "piece", "pièce d’identité vue"
    MANDAT = "mandat", "mandat ou acte vu"


class EtatDemande(models.TextChoices):
    OUVERTE = "ouverte", "ouverte"
    REPONDUE = "repondue", "répondue"
    REFUSEE = "refusee", "refusée"


class Demande(Horodate):
    genre = models.CharField("demande", max_length=15, choices=Genre.choices)
    concerne = models.CharField("personne concernée", max_length=150)
    qualite = models.CharField(
        "demandée par", max_length=15, choices=Qualite.choices, default=Qualite.PERSONNE
    )
    canal = models.CharField("reçue par", max_length=10, choices=Canal.choices)
    recue_le = models.DateField("reçue le")
    ancien = models.BooleanField("pièces de plus de cinq ans", default=False)
    objet = models.TextField("ce qui est demandé", blank=True, default="")
    echeance = models.DateField("échéance")
    prolongee_le = models.DateField("prolongée le", null=True)
    prolongation_motif = models.CharField("motif de la prolongation", max_length=300, blank=True, default="")
    identite = models.CharField("identité", max_length=10, choices=Preuve.choices, blank=True, default="")
    identite_le = models.DateField("identité vérifiée le", null=True)
    etat = models.CharField("état", max_length=10, choices=EtatDemande.choices, default=EtatDemande.OUVERTE)
    reponse = models.TextField("réponse", blank=True, default="")
    close_le = models.DateField("close le", null=True)
    close_par = models.CharField("close par", max_length=150, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "demande d’une personne"
        ordering = ["echeance", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat="ouverte") | Q(close_le__isnull=False) & ~Q(reponse=""),
                name="demande_close_avec_sa_reponse",
            ),
            models.CheckConstraint(
                condition=~Q(etat="repondue") | ~Q(identite=""), name="demande_repondue_identite_verifiee"
            ),
            models.CheckConstraint(
                condition=Q(prolongee_le__isnull=True) | ~Q(prolongation_motif=""),
                name="demande_prolongee_avec_motif",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}, {self.concerne}"


class RappelDemande(Journal):
    """A reminder that left: once for a request, a due date and a threshold."""

    demande = models.ForeignKey(Demande, models.PROTECT, related_name="rappels", verbose_name="demande")
    echeance = models.DateField("échéance")
    seuil = models.SmallIntegerField("seuil")

    class Meta(Journal.Meta):
        verbose_name = "rappel d’une demande"
        constraints = [
            models.UniqueConstraint(fields=["demande", "echeance", "seuil"], name="rappel_demande_une_fois")
        ]

    def __str__(self) -> str:
        return f"{self.demande_id} J-{self.seuil}"
