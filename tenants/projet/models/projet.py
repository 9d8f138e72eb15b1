"""What a grappe decides: who consents, what it asks, what it filed, what each member already had."""

from django.db import models
from django.db.models import Q

from plateforme.core.models import Horodate, Journal
from tenants.models import Adhesion, Grappe, Structure
from tenants.projet.models.referentiel import Programme


class ConsentementMembre(Horodate):
    """The legal representative of a member agrees to the project; withdrawn, the row stays.

    Privacy: the function of who signed, and where the paper is; no name.
    """

    adhesion = models.ForeignKey(
        Adhesion, models.PROTECT, related_name="consentements", verbose_name="adhésion"
    )
    donne_le = models.DateField("donné le")
    fonction = models.CharField("fonction du signataire", max_length=120)
    reference = models.CharField("référence de la pièce", max_length=120)
    retire_le = models.DateField("retiré le", null=True, blank=True)
    retire_motif = models.CharField("motif du retrait", max_length=300, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "consentement d’un membre"
        ordering = ["-donne_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["adhesion"],
                condition=Q(retire_le__isnull=True),
                name="projet_un_consentement_en_cours",
            ),
            models.CheckConstraint(
                condition=Q(retire_le__isnull=True) | Q(retire_le__gte=models.F("donne_le")),
                name="projet_consentement_dates_ordonnees",
            ),
            models.CheckConstraint(
                condition=Q(retire_le__isnull=True) | ~Q(retire_motif=""), name="projet_retrait_motive"
            ),
        ]


class ProjetDate(Horodate):
    """From this day on, the grappe's project is of this type, within this programme."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="projets", verbose_name="grappe")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="projets", verbose_name="programme")
    genre = models.CharField("type de projet", max_length=20, choices=Programme.Objet.choices)
    depuis = models.DateField("depuis")

    class Meta(Horodate.Meta):
        verbose_name = "type de projet"
        ordering = ["-depuis"]
        constraints = [
            models.UniqueConstraint(fields=["grappe", "programme", "depuis"], name="projet_un_type_par_date")
        ]


class Depot(Journal):
    """The list as it was filed: frozen, whatever the members become. A rectified filing is another row, with why."""

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="depots", verbose_name="grappe")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="depots", verbose_name="programme")
    rang = models.PositiveSmallIntegerField("rang")
    depose_le = models.DateField("déposé le")
    reference = models.CharField("référence du dossier", max_length=120)
    motif = models.CharField("motif", max_length=300, blank=True, default="")
    issue = models.CharField("issue", max_length=20)
    appel = models.CharField("appel", max_length=20)
    compte = models.PositiveIntegerField("nombre d’ESMS comptés")
    seuil = models.PositiveIntegerField("seuil appliqué")
    phrase = models.TextField("phrase")
    regles = models.JSONField("règles citées")
    depose_par = models.UUIDField("déposé par")
    cree_a = models.DateTimeField("enregistré à")

    class Meta(Journal.Meta):
        verbose_name = "dépôt"
        ordering = ["-rang"]
        constraints = [
            models.UniqueConstraint(fields=["grappe", "programme", "rang"], name="projet_depot_rang_unique")
        ]


class MembreDepose(Journal):
    """A member in the filed list, as it was that day."""

    depot = models.ForeignKey(Depot, models.PROTECT, related_name="membres", verbose_name="dépôt")
    structure = models.ForeignKey(Structure, models.PROTECT, related_name="+", verbose_name="structure")
    finess = models.CharField("FINESS géographique", max_length=9)
    raison_sociale = models.CharField("raison sociale", max_length=200)
    profil = models.CharField("profil", max_length=10, blank=True, default="")
    region = models.CharField("région", max_length=60, blank=True, default="")
    compte = models.BooleanField("compté", default=True)

    class Meta(Journal.Meta):
        verbose_name = "membre déposé"
        ordering = ["raison_sociale"]
        constraints = [
            models.UniqueConstraint(fields=["depot", "finess"], name="projet_membre_depose_unique")
        ]


class FinancementDeclare(Horodate):
    """What a member says it already received, or asked, for its digital tools."""

    class Objet(models.TextChoices):
        ACQUISITION = "acquisition", "acquisition d’un DUI"
        MISE_A_NIVEAU = "mise_a_niveau", "mise à niveau du DUI"
        USAGES = "usages", "usages"
        FORMATION = "formation", "formation seule"
        AUTRE = "autre", "autre"

    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="financements", verbose_name="structure"
    )
    famille = models.CharField("famille", max_length=20, choices=Programme.Famille.choices)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="programme"
    )
    objet = models.CharField("objet", max_length=20, choices=Objet.choices)
    obtenu_le = models.DateField("obtenu le")
    montant = models.DecimalField("montant", max_digits=12, decimal_places=2, null=True, blank=True)
    reference = models.CharField("référence de la pièce", max_length=120)

    class Meta(Horodate.Meta):
        verbose_name = "financement déclaré"
        ordering = ["-obtenu_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__isnull=True) | Q(montant__gte=0), name="projet_financement_positif"
            )
        ]


class DecisionDeCumul(Journal):
    """A decision on record about one demand of one member: the ARS's opinion, or the direction's derogation."""

    class Sens(models.TextChoices):
        DEROGATION = "derogation", "décision motivée de la direction (financement européen)"
        FAVORABLE = "favorable", "avis favorable de l’ARS"
        DEFAVORABLE = "defavorable", "avis défavorable de l’ARS"

    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="decisions_de_cumul", verbose_name="structure"
    )
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", verbose_name="programme")
    objet = models.CharField("objet", max_length=20, choices=FinancementDeclare.Objet.choices)
    sens = models.CharField("sens", max_length=20, choices=Sens.choices)
    rendu_le = models.DateField("rendu le")
    motif = models.TextField("motif")
    reference = models.CharField("référence de la pièce", max_length=120)
    enregistre_par = models.UUIDField("enregistré par")
    enregistre_a = models.DateTimeField("enregistré à")

    class Meta(Journal.Meta):
        verbose_name = "décision de cumul"
        ordering = ["-rendu_le", "-enregistre_a", "-id"]


class ParcoursAssistant(Horodate):
    """Somebody's way through the guide's tree: answers kept, the end frozen with the day and the rules it quoted."""

    grappe = models.ForeignKey(
        Grappe, models.PROTECT, related_name="parcours", null=True, blank=True, verbose_name="grappe"
    )
    auteur_id = models.UUIDField("auteur")
    reponses = models.JSONField("réponses", default=dict)
    termine_a = models.DateTimeField("terminé à", null=True, blank=True)
    resultat = models.JSONField("résultat", null=True, blank=True)

    class Meta(Horodate.Meta):
        verbose_name = "parcours dans l’assistant"
        ordering = ["-cree_a"]
        constraints = [
            models.CheckConstraint(
                condition=Q(termine_a__isnull=True, resultat__isnull=True)
                | Q(termine_a__isnull=False, resultat__isnull=False),
                name="projet_parcours_fini_avec_son_resultat",
            )
        ]
