"""Who goes where and when, and what was stamped on arrival and departure."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from simple_history.models import HistoricalRecords

from dossier.models import Secteur, Usager
from plateforme.core.models import Horodate, Journal
from plateforme.core.periods import Periode
from plateforme.core.tri import cle_de_tri
from plateforme.identity.models import Compte
from plateforme.observability.contexte import acteur_courant
from plateforme.tenancy.modeles import QuerySetDeStructure


def _auteur_historique(instance: Any, **_autres: Any) -> Any:
    return acteur_courant()


def _ecrire_auteur(version: Any, auteur: Any) -> None:
    """The trace knows the id of an account, not the account."""
    version.history_user_id = auteur


class Metier(models.TextChoices):
    AIDE = "aide", "aide à domicile"
    AUXILIAIRE = "auxiliaire", "auxiliaire de vie"
    AIDE_SOIGNANT = "aide_soignant", "aide-soignant"
    INFIRMIER = "infirmier", "infirmier"


class Intervenant(Horodate):
    """Somebody who goes to people's homes. The account is apart: one may be planned before signing in."""

    compte = models.OneToOneField(
        Compte, models.PROTECT, null=True, blank=True, related_name="intervenant", verbose_name="compte"
    )
    prenom = models.CharField("prénom", max_length=100)
    nom = models.CharField("nom", max_length=100)
    cle_tri = models.CharField("clé de tri", max_length=210, editable=False, default="")
    metier = models.CharField("métier", max_length=15, choices=Metier.choices)
    telephone = models.CharField("téléphone", max_length=20, blank=True, default="")
    secteur = models.ForeignKey(
        Secteur, models.PROTECT, null=True, blank=True, related_name="intervenants", verbose_name="secteur"
    )
    minutes_semaine = models.PositiveIntegerField("minutes par semaine au contrat", default=35 * 60)
    parti_le = models.DateField("parti le", null=True, blank=True)

    class Meta(Horodate.Meta):
        verbose_name = "intervenant"
        ordering = ["cle_tri"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.cle_tri = cle_de_tri(self.nom, self.prenom)
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.nom_complet

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"

    @property
    def initiales(self) -> str:
        return f"{self.prenom[:1]}{self.nom[:1]}".upper()


class MotifAbsence(models.TextChoices):
    ARRET = "arret", "arrêt de travail"
    CONGE = "conge", "congé"
    FORMATION = "formation", "formation"
    AUTRE = "autre", "absence"


class Absence(Horodate):
    """An intervenant is not there, in [debut, fin)."""

    intervenant = models.ForeignKey(
        Intervenant, models.CASCADE, related_name="absences", verbose_name="intervenant"
    )
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    motif = models.CharField("motif", max_length=12, choices=MotifAbsence.choices)

    class Meta(Horodate.Meta):
        verbose_name = "absence"
        constraints = [
            models.CheckConstraint(condition=Q(fin__gt=F("debut")), name="absence_fin_apres_debut")
        ]

    def __str__(self) -> str:
        return f"{self.get_motif_display()} de {self.intervenant}"


class Nature(models.TextChoices):
    """What the visit is for, in the words of the service."""

    TOILETTE = "toilette", "Toilette"
    REPAS = "repas", "Repas"
    COUCHER = "coucher", "Coucher"
    COURSES = "courses", "Courses"
    MENAGE = "menage", "Ménage"
    SOINS = "soins", "Soins"
    SORTIE = "sortie", "Sortie"
    VEILLE = "veille", "Présence"


class Statut(models.TextChoices):
    """Decided by people. Whether it is late, going on or done is read from the badges."""

    PREVUE = "prevue", "prévue"
    ANNULEE = "annulee", "annulée"


class InterventionQuerySet(QuerySetDeStructure["Intervention"]):
    def entre(self, debut: datetime, fin: datetime) -> "InterventionQuerySet":
        """Those that overlap [debut, fin)."""
        return self.filter(debut__lt=fin, fin__gt=debut)

    def maintenues(self) -> "InterventionQuerySet":
        return self.exclude(statut=Statut.ANNULEE)


class Intervention(Horodate):
    """A planned visit. Without ``intervenant`` it is « à pourvoir »: shown in red, never hidden."""

    champ_sujet = "usager_id"

    usager = models.ForeignKey(Usager, models.PROTECT, related_name="interventions", verbose_name="usager")
    intervenant = models.ForeignKey(
        Intervenant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="interventions",
        verbose_name="intervenant",
    )
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    nature = models.CharField("nature", max_length=12, choices=Nature.choices)
    statut = models.CharField("statut", max_length=10, choices=Statut.choices, default=Statut.PREVUE)
    consigne = models.CharField("consigne", max_length=300, blank=True, default="")
    annulee_motif = models.CharField("motif d’annulation", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("version", default=1)

    objects = models.Manager.from_queryset(InterventionQuerySet)()  # type: ignore[misc]
    history = HistoricalRecords(  # type: ignore[no-untyped-call]
        history_user_id_field=models.UUIDField(null=True),
        get_user=_auteur_historique,
        history_user_setter=_ecrire_auteur,
        no_db_index=["usager", "intervenant"],
        excluded_fields=["cree_a", "modifie_a"],
        table_name="telegestion_intervention_historique",
    )

    class Meta(Horodate.Meta):
        verbose_name = "intervention"
        ordering = ["debut"]
        indexes = [
            models.Index(fields=["debut"], name="intervention_debut"),
            models.Index(fields=["usager", "-debut"], name="intervention_usager"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(fin__gt=F("debut")), name="intervention_fin_apres_debut"),
            ExclusionConstraint(
                name="intervention_une_a_la_fois",
                expressions=[
                    ("intervenant", RangeOperators.EQUAL),
                    (
                        Func(F("debut"), F("fin"), RangeBoundary(), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(intervenant__isnull=False) & ~Q(statut="annulee"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {self.debut:%d/%m %H:%M}"

    @property
    def periode(self) -> Periode:
        return Periode(self.debut, self.fin)


class Geste(Horodate):
    """Something to do during the visit; ``fait_a`` or ``non_fait_motif`` once the phone said so."""

    intervention = models.ForeignKey(
        Intervention, models.CASCADE, related_name="gestes", verbose_name="intervention"
    )
    libelle = models.CharField("libellé", max_length=120)
    precision = models.CharField("précision", max_length=200, blank=True, default="")
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    fait_a = models.DateTimeField("fait à", null=True)
    non_fait_motif = models.CharField("motif de non-réalisation", max_length=120, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "geste"
        ordering = ["ordre"]

    def __str__(self) -> str:
        return self.libelle


class SensPointage(models.TextChoices):
    ARRIVEE = "arrivee", "arrivée"
    DEPART = "depart", "départ"


class Preuve(models.TextChoices):
    """How the presence is proved, strongest first."""

    NFC = "nfc", "badge sans contact"
    QR = "qr", "code scanné"
    CODE = "code", "code saisi"
    GPS = "gps", "position"
    DECLAREE = "declaree", "déclarée"


class Pointage(Journal):
    """A badge, never changed: its id is the phone's event, a correction is another row that points to it."""

    intervention = models.ForeignKey(
        Intervention, models.PROTECT, null=True, related_name="pointages", verbose_name="intervention"
    )
    intervenant = models.ForeignKey(
        Intervenant, models.PROTECT, related_name="pointages", verbose_name="intervenant"
    )
    sens = models.CharField("sens", max_length=8, choices=SensPointage.choices)
    pointe_a = models.DateTimeField("pointé à")
    recu_a = models.DateTimeField("reçu à")
    preuve = models.CharField("preuve", max_length=10, choices=Preuve.choices, default=Preuve.DECLAREE)
    corrige_id = models.UUIDField("corrige le pointage", null=True)
    motif = models.CharField("motif", max_length=120, blank=True, default="")

    class Meta(Journal.Meta):
        verbose_name = "pointage"
        ordering = ["pointe_a"]
        indexes = [models.Index(fields=["intervenant", "-pointe_a"], name="pointage_intervenant")]

    def __str__(self) -> str:
        return f"{self.get_sens_display()} {self.pointe_a:%d/%m %H:%M}"
