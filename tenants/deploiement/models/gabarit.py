"""Templates of deployment, edited by the platform; a published version never changes."""

from django.db import models
from django.db.models import Q

from plateforme.core.models import Horodate, Identifie
from tenants.deploiement.rules import Phase
from tenants.models import Profil


class TypeDeProjet(models.TextChoices):
    """Source: guide volet numérique de la réforme des SAD, 11/2023, lexique."""

    ACQUISITION = "acquisition", "acquisition"
    MISE_A_NIVEAU = "mise_a_niveau", "mise à niveau"


class Responsable(models.TextChoices):
    """Who a step waits for."""

    DIRECTION = "direction", "direction"
    ADMINISTRATEUR = "administrateur", "administrateur technique"
    DPD = "dpd", "délégué à la protection des données"
    ENCADREMENT = "encadrement", "encadrement"
    PORTEUR = "porteur", "porteur de grappe"
    PLATEFORME = "plateforme", "plateforme"


PHASES = [
    (Phase.CADRAGE.value, "cadrage"),
    (Phase.CONTRACTUALISATION.value, "contractualisation"),
    (Phase.DEPLOIEMENT.value, "déploiement"),
]


class Gabarit(Horodate):
    """Steps of a type of project for a profile. The newest published version is the one new deployments take."""

    type = models.CharField("type de projet", max_length=15, choices=TypeDeProjet.choices)
    profil = models.CharField("profil", max_length=10, choices=Profil.choices)
    version = models.PositiveSmallIntegerField("version")
    publie_a = models.DateTimeField("publié à", null=True, blank=True)
    note = models.CharField("ce qui change", max_length=300, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "gabarit de déploiement"
        ordering = ["type", "profil", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["type", "profil", "version"], name="gabarit_version_unique"),
            models.UniqueConstraint(
                fields=["type", "profil"], condition=Q(publie_a__isnull=True), name="gabarit_un_brouillon"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.get_profil_display()}, version {self.version}"


class EtapeModele(Identifie):
    """A step of a template. ``fait``: code of the fact that ticks it; empty: somebody does, with evidence if asked."""

    gabarit = models.ForeignKey(Gabarit, models.CASCADE, related_name="etapes", verbose_name="gabarit")
    code = models.CharField("code", max_length=40, db_collation="C")
    ordre = models.PositiveSmallIntegerField("ordre")
    phase = models.CharField("phase", max_length=20, choices=PHASES)
    titre = models.CharField("titre", max_length=120)
    aide = models.CharField("comment faire", max_length=500, blank=True, default="")
    responsable = models.CharField("qui", max_length=15, choices=Responsable.choices)
    jours_avant = models.SmallIntegerField("jours avant la mise en production")
    fait = models.CharField("fait qui la coche", max_length=60, blank=True, default="", db_collation="C")
    bloquante = models.BooleanField("bloque la mise en production", default=False)
    derogeable = models.BooleanField("peut être dérogée", default=False)
    preuve_exigee = models.BooleanField("demande une preuve", default=False)
    depend_de = models.JSONField("attend", default=list)
    raci = models.JSONField("rôles des acteurs", default=dict)
    source = models.CharField("source", max_length=200, blank=True, default="")

    class Meta(Identifie.Meta):
        verbose_name = "étape de gabarit"
        ordering = ["ordre"]
        constraints = [
            models.UniqueConstraint(fields=["gabarit", "code"], name="etape_modele_code_unique"),
            models.CheckConstraint(
                condition=Q(derogeable=False) | Q(bloquante=True), name="etape_derogeable_si_bloquante"
            ),
        ]

    def __str__(self) -> str:
        return self.titre
