"""The register of violations (art. 33-5), and the event of the platform several files may come from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from plateforme.core.models import Horodate, Journal
from tenants.models import Organisme, Structure


class Atteinte(models.TextChoices):
    CONFIDENTIALITE = "confidentialite", "confidentialité (divulgation ou accès)"
    INTEGRITE = "integrite", "intégrité (modification)"
    DISPONIBILITE = "disponibilite", "disponibilité (perte)"


class EvenementReseau(Journal):
    """An event of the platform that touches several entités juridiques. Each has its own file and sees no other."""

    reference = models.CharField("référence", max_length=40, unique=True)
    constate_a = models.DateTimeField("constaté à")
    atteintes = ArrayField(
        models.CharField("atteinte", max_length=20, choices=Atteinte.choices), verbose_name="atteintes"
    )
    circonstances = models.TextField("circonstances")
    mesures = models.TextField("mesures de la plateforme")
    ouvert_par = models.UUIDField("ouvert par")
    ouvert_a = models.DateTimeField("ouvert à")

    class Meta(Journal.Meta):
        verbose_name = "événement de la plateforme"
        ordering = ["-ouvert_a", "-id"]


class Violation(Horodate):
    """A file of one entité juridique. ``connue_a`` is when the responsable de traitement knew: the clock starts there."""

    class Niveau(models.TextChoices):
        A_EVALUER = "a_evaluer", "à évaluer"
        AUCUN = "aucun", "aucun risque probable"
        PROBABLE = "probable", "risque pour les personnes"
        ELEVE = "eleve", "risque élevé pour les personnes"

    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="violations", verbose_name="organisme"
    )
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="structure"
    )
    evenement = models.ForeignKey(
        EvenementReseau, models.PROTECT, related_name="violations", null=True, blank=True,
        verbose_name="événement de la plateforme",
    )  # fmt: skip
    rang = models.PositiveIntegerField("numéro")
    connue_a = models.DateTimeField("connue à")
    survenue = models.CharField("survenue", max_length=150, blank=True, default="")
    atteintes = ArrayField(
        models.CharField("atteinte", max_length=20, choices=Atteinte.choices), verbose_name="atteintes"
    )
    circonstances = models.TextField("circonstances")
    categories_personnes = models.CharField("catégories de personnes", max_length=300, blank=True, default="")
    nombre_personnes = models.PositiveIntegerField("nombre de personnes", null=True, blank=True)
    categories_donnees = models.CharField("catégories de données", max_length=300, blank=True, default="")
    nombre_enregistrements = models.PositiveIntegerField("nombre d’enregistrements", null=True, blank=True)
    consequences = models.TextField("conséquences probables", blank=True, default="")
    mesures = models.TextField("mesures prises", blank=True, default="")
    risque = models.CharField("risque", max_length=10, choices=Niveau.choices, default=Niveau.A_EVALUER)
    close_a = models.DateTimeField("close à", null=True, blank=True)

    class Meta(Horodate.Meta):
        verbose_name = "violation de données"
        ordering = ["-connue_a", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organisme", "rang"], name="rgpd_violation_rang_unique"),
            models.UniqueConstraint(
                fields=["evenement", "organisme"],
                condition=models.Q(evenement__isnull=False),
                name="rgpd_un_dossier_par_evenement",
            ),
        ]


class LigneDeViolation(Journal):
    """Something done about it: told to the CNIL, to the persons, to the CERT Santé, decided, closed."""

    class Genre(models.TextChoices):
        CNIL_INITIALE = "cnil_initiale", "notification initiale à la CNIL"
        CNIL_COMPLEMENT = "cnil_complement", "notification complémentaire à la CNIL"
        NON_NOTIFIEE = "non_notifiee", "décision de ne pas notifier"
        PERSONNES = "personnes", "information des personnes"
        PERSONNES_DISPENSE = "personnes_dispense", "dispense d’informer les personnes (art. 34-3)"
        CERT_SANTE = "cert_sante", "déclaration au CERT Santé"
        MESURE = "mesure", "mesure prise"
        CLOTURE = "cloture", "clôture"

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="lignes", verbose_name="violation")
    genre = models.CharField("genre", max_length=20, choices=Genre.choices)
    le = models.DateTimeField("à")
    reference = models.CharField("référence", max_length=120, blank=True, default="")
    texte = models.TextField("texte", blank=True, default="")
    ecrite_par = models.UUIDField("écrite par")
    ecrite_role = models.CharField("fonction", max_length=60)
    ecrite_a = models.DateTimeField("écrite à")

    class Meta(Journal.Meta):
        verbose_name = "ligne du dossier de violation"
        ordering = ["le", "id"]
