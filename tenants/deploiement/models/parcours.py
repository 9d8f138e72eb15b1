"""One structure's way to production."""

from django.db import models
from django.db.models import Q

from plateforme.core.models import Horodate, Identifie, Journal
from tenants.deploiement.models.gabarit import EtapeModele, Gabarit
from tenants.deploiement.rules import Etat
from tenants.models import Grappe, Structure


class Vague(Horodate):
    """Structures of a grappe that go live the same day."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="vagues", verbose_name="grappe")
    nom = models.CharField("nom", max_length=60)
    mise_en_production = models.DateField("mise en production")

    class Meta(Horodate.Meta):
        verbose_name = "vague"
        ordering = ["mise_en_production", "nom"]
        constraints = [models.UniqueConstraint(fields=["grappe", "nom"], name="vague_nom_unique")]

    def __str__(self) -> str:
        return self.nom


class Parcours(Horodate):
    """The deployment of a structure; one at a time."""

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="parcours", verbose_name="structure"
    )
    gabarit = models.ForeignKey(Gabarit, models.PROTECT, related_name="parcours", verbose_name="gabarit")
    vague = models.ForeignKey(
        Vague, models.SET_NULL, null=True, blank=True, related_name="parcours", verbose_name="vague"
    )
    mise_en_production = models.DateField("mise en production")
    releve_a = models.DateTimeField("faits relevés à", null=True)
    vsr_signee_a = models.DateTimeField("signature de la VSR", null=True)
    vsr_signataire = models.CharField("signataire de la VSR", max_length=200, blank=True, default="")
    vsr_reserves = models.TextField("réserves", blank=True, default="")
    clos_a = models.DateTimeField("clos à", null=True)
    clos_motif = models.CharField("motif de clôture", max_length=300, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "parcours de déploiement"
        constraints = [
            models.UniqueConstraint(
                fields=["structure"], condition=Q(clos_a__isnull=True), name="parcours_un_a_la_fois"
            )
        ]

    def __str__(self) -> str:
        return f"{self.structure} : {self.gabarit}"

    @property
    def en_production(self) -> bool:
        return self.vsr_signee_a is not None


ETATS = [
    (Etat.A_FAIRE.value, "à faire"),
    (Etat.FAITE.value, "faite"),
    (Etat.DEROGEE.value, "dérogée"),
    (Etat.SANS_OBJET.value, "sans objet"),
]


class EtapeDeParcours(Horodate):
    """A step of one structure. ``du_fait``: it was ticked by a fact, and comes back if the fact is not true any more."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="etapes", verbose_name="parcours")
    modele = models.ForeignKey(EtapeModele, models.PROTECT, related_name="+", verbose_name="étape du gabarit")
    etat = models.CharField("état", max_length=10, choices=ETATS, default=Etat.A_FAIRE.value)
    echeance = models.DateField("échéance")
    faite_a = models.DateTimeField("faite à", null=True)
    faite_par = models.CharField("faite par", max_length=200, blank=True, default="")
    du_fait = models.BooleanField("cochée par un fait", default=False)
    # What shows it: a reference, and the file kept in the structure's own vault.
    preuve = models.CharField("preuve", max_length=300, blank=True, default="")
    piece_id = models.UUIDField("pièce", null=True)
    motif = models.CharField("motif", max_length=500, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "étape"
        constraints = [
            models.UniqueConstraint(fields=["parcours", "modele"], name="etape_une_par_parcours"),
            models.CheckConstraint(
                condition=~Q(etat__in=[Etat.DEROGEE.value, Etat.SANS_OBJET.value]) | ~Q(motif=""),
                name="etape_derogee_avec_motif",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.modele} : {self.etat}"


class Mouvement(Journal):
    """What happened to a deployment, by whom, once and for all."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="mouvements", verbose_name="parcours")
    code = models.CharField("étape", max_length=40, blank=True, default="")
    geste = models.CharField("geste", max_length=30)
    detail = models.CharField("détail", max_length=500, blank=True, default="")
    par = models.CharField("par", max_length=200)
    a = models.DateTimeField("à")

    class Meta(Journal.Meta):
        verbose_name = "mouvement"
        ordering = ["-id"]
        indexes = [models.Index(fields=["parcours", "-id"], name="mouvement_par_parcours")]

    def __str__(self) -> str:
        return f"{self.geste} {self.code}"


class Maturite(Identifie):
    """Answers of a structure to the questionnaire of maturity: 0 to 3 a question, by version of the questionnaire."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="maturites", verbose_name="parcours")
    version = models.PositiveSmallIntegerField("version du questionnaire")
    reponses = models.JSONField("réponses")
    repondu_a = models.DateTimeField("répondu à")
    repondu_par = models.CharField("répondu par", max_length=200)

    class Meta(Identifie.Meta):
        verbose_name = "questionnaire de maturité"
        ordering = ["-repondu_a"]

    def __str__(self) -> str:
        return f"maturité de {self.parcours_id}"


class Rappel(Journal):
    """A reminder that left: once for a subject, a threshold and a recipient, whatever restarts."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="+", verbose_name="structure")
    sujet = models.CharField("sujet", max_length=120, db_collation="C")
    seuil = models.SmallIntegerField("seuil")
    destinataire = models.CharField("destinataire", max_length=60, db_collation="C")
    a = models.DateTimeField("à")

    class Meta(Journal.Meta):
        verbose_name = "rappel"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "sujet", "seuil", "destinataire"], name="rappel_une_seule_fois"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sujet} J-{self.seuil} → {self.destinataire}"
