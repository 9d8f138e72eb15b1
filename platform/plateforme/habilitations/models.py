"""What a structure changes to its rights, and its exceptions: break-glass, support, reviews."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from plateforme.core.models import Horodate
from plateforme.identity.models import Compte, Role
from plateforme.tenancy.modeles import QuerySetDeStructure


class Reglage(Horodate):
    """A cell of the matrix that this structure decided otherwise than the default."""

    champs_clairs = frozenset({"code"})

    role = models.CharField("fonction", max_length=20, choices=Role.choices)
    code = models.CharField("action", max_length=80)
    permis = models.BooleanField("permis")
    motif = models.CharField("motif", max_length=200)
    regle_par = models.ForeignKey(Compte, models.PROTECT, related_name="+", verbose_name="réglé par")

    class Meta(Horodate.Meta):
        verbose_name = "réglage de la matrice"
        constraints = [models.UniqueConstraint(fields=["role", "code"], name="reglage_une_cellule")]


class MotifBris(models.TextChoices):
    """Source: domain roles, bris de glace (liste et texte)."""

    URGENCE = "urgence", "urgence vitale ou danger immédiat"
    REMPLACEMENT = "remplacement", "remplacement au pied levé"
    APPEL = "appel", "appel d’un usager, d’un proche ou d’un médecin"
    CONTINUITE = "continuite", "continuité des soins, référent injoignable"


class RevueBris(models.TextChoices):
    A_REVOIR = "a_revoir", "à revoir"
    JUSTIFIE = "justifie", "justifié"
    INJUSTIFIE = "injustifie", "injustifié"
    A_INSTRUIRE = "a_instruire", "à instruire"


class BrisQuerySet(QuerySetDeStructure["BrisDeGlace"]):
    def ouverts(self, instant: datetime) -> "BrisQuerySet":
        return self.filter(du__lte=instant, au__gt=instant, clos_a__isnull=True)


class BrisDeGlace(Horodate):
    """One account, one usager, one to four hours, a reason; reviewed within 72 h, told to the usager.

    ``sujet_id``: the usager, whom the platform knows by this id alone.
    """

    champ_sujet = "sujet_id"

    compte = models.ForeignKey(Compte, models.PROTECT, related_name="bris", verbose_name="compte")
    sujet_id = models.UUIDField("usager")
    motif = models.CharField("motif", max_length=14, choices=MotifBris.choices)
    explication = models.CharField("explication", max_length=500)
    du = models.DateTimeField("depuis")
    au = models.DateTimeField("jusqu’à")
    clos_a = models.DateTimeField("refermé à", null=True)
    malgre_opposition = models.BooleanField("malgré une opposition", default=False)
    revue = models.CharField("revue", max_length=12, choices=RevueBris.choices, default=RevueBris.A_REVOIR)
    revue_avant = models.DateTimeField("à revoir avant")
    revue_par = models.ForeignKey(
        Compte, models.PROTECT, null=True, related_name="+", verbose_name="revu par"
    )
    revue_a = models.DateTimeField("revu à", null=True)
    revue_note = models.CharField("note de revue", max_length=500, blank=True, default="")

    objects = models.Manager.from_queryset(BrisQuerySet)()  # type: ignore[misc]

    class Meta(Horodate.Meta):
        verbose_name = "bris de glace"
        ordering = ["-du"]
        indexes = [
            models.Index(fields=["compte", "au"], name="bris_compte_fin"),
            models.Index(fields=["sujet_id"], name="bris_sujet"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(au__gt=F("du")), name="bris_finit_apres"),
            # Who opened may not judge.
            models.CheckConstraint(
                condition=Q(revue_par__isnull=True) | ~Q(revue_par=F("compte")), name="bris_revu_par_un_autre"
            ),
        ]


class SupportQuerySet(QuerySetDeStructure["SessionSupport"]):
    def ouvertes(self, instant: datetime) -> "SupportQuerySet":
        return self.filter(du__lte=instant, au__gt=instant, retiree_a__isnull=True)


class SessionSupport(Horodate):
    """The structure lets one operator of the platform look, masked, for a bounded time."""

    # The operator reads why he is here; the code is but a digest.
    champs_clairs = frozenset({"objet", "operateur_nom", "code_empreinte"})

    accordee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+", verbose_name="accordée par")
    objet = models.CharField("objet", max_length=200)
    du = models.DateTimeField("depuis")
    au = models.DateTimeField("jusqu’à")
    # Hash of the code handed to the operator: the code itself is shown once.
    code_empreinte = models.CharField("empreinte du code", max_length=64, unique=True)
    operateur_id = models.UUIDField("opérateur", null=True)
    operateur_nom = models.CharField("nom de l’opérateur", max_length=210, blank=True, default="")
    entree_a = models.DateTimeField("entré à", null=True)
    retiree_a = models.DateTimeField("retirée à", null=True)

    objects = models.Manager.from_queryset(SupportQuerySet)()  # type: ignore[misc]

    class Meta(Horodate.Meta):
        verbose_name = "session de support"
        ordering = ["-du"]


class Campagne(Horodate):
    """A review of everybody's rights, ended by the signature of who led it."""

    ouverte_par = models.ForeignKey(Compte, models.PROTECT, related_name="+", verbose_name="ouverte par")
    titre = models.CharField("titre", max_length=120)
    echeance = models.DateField("échéance")
    signee_a = models.DateTimeField("signée à", null=True)
    signee_par = models.ForeignKey(
        Compte, models.PROTECT, null=True, related_name="+", verbose_name="signée par"
    )
    # SHA-256 of the signed result, kept with its text: anybody can compute it again.
    resultat = models.TextField("résultat signé", blank=True, default="")
    empreinte = models.CharField("empreinte", max_length=64, blank=True, default="")

    class Meta(Horodate.Meta):
        verbose_name = "campagne de revue des droits"
        ordering = ["-cree_a"]


class DecisionDeRevue(models.TextChoices):
    EN_ATTENTE = "en_attente", "à décider"
    MAINTENU = "maintenu", "maintenu"
    MODIFIE = "modifie", "à modifier"
    RETIRE = "retire", "à retirer"


class LigneDeRevue(Horodate):
    """One account of a campaign, as it stood when the campaign opened."""

    campagne = models.ForeignKey(Campagne, models.CASCADE, related_name="lignes", verbose_name="campagne")
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="+", verbose_name="compte")
    role = models.CharField("fonction constatée", max_length=20, choices=Role.choices)
    decision = models.CharField(
        "décision", max_length=10, choices=DecisionDeRevue.choices, default=DecisionDeRevue.EN_ATTENTE
    )
    nouveau_role = models.CharField("nouvelle fonction", max_length=20, blank=True, default="")
    note = models.CharField("note", max_length=200, blank=True, default="")
    decidee_par = models.ForeignKey(
        Compte, models.PROTECT, null=True, related_name="+", verbose_name="décidée par"
    )

    class Meta(Horodate.Meta):
        verbose_name = "ligne de revue des droits"
        constraints = [
            models.UniqueConstraint(fields=["campagne", "compte"], name="revue_un_compte_une_ligne")
        ]
