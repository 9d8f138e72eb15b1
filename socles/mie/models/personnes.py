"""Who handles certificates, the contract with the ANS, and the cards of persons."""

from django.db import models
from django.db.models import F, Q

from plateforme.chiffrement.champs import ChampScelle
from plateforme.core.clock import today
from plateforme.core.models import Horodate
from plateforme.identity.models import Compte, Role
from socles.mie.rules import cartes


class RangAdt(models.TextChoices):
    TITULAIRE = "titulaire", "titulaire"
    SUPPLEANT = "suppleant", "suppléant"


class AdministrateurTechnique(Horodate):
    """Named between two dates: one holder and one deputy at a time (domain MIE-2c)."""

    champs_clairs = frozenset({"rang"})

    compte = models.ForeignKey(Compte, models.PROTECT, related_name="+", verbose_name="compte")
    rang = models.CharField("rang", max_length=9, choices=RangAdt.choices)
    depuis = models.DateField("depuis", default=today)
    jusqu_au = models.DateField("jusqu’au", null=True)
    designe_par = models.ForeignKey(
        Compte, models.PROTECT, null=True, related_name="+", verbose_name="désigné par"
    )

    class Meta(Horodate.Meta):
        verbose_name = "administrateur technique"
        ordering = ["-depuis"]
        constraints = [
            models.UniqueConstraint(
                fields=["rang"], condition=Q(jusqu_au__isnull=True), name="mie_adt_un_par_rang"
            ),
            models.UniqueConstraint(
                fields=["compte"], condition=Q(jusqu_au__isnull=True), name="mie_adt_une_fois_par_personne"
            ),
            models.CheckConstraint(
                condition=Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=F("depuis")),
                name="mie_adt_dates_ordonnees",
            ),
        ]


class ContratAns(Horodate):
    """The structure's own démarche CAF101 (domain MIE-1a). A change of legal representative opens a new one."""

    representant = ChampScelle("représentant légal")
    qualite = models.CharField("qualité", max_length=80, blank=True, default="")
    numero = models.CharField("numéro de démarche", max_length=40)
    depose_le = models.DateField("déposé le")
    valide_le = models.DateField("validé le", null=True)
    clos_le = models.DateField("clos le", null=True)
    piece_id = models.UUIDField("pièce", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "contrat avec l’ANS"
        ordering = ["-depose_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["clos_le"],
                condition=Q(clos_le__isnull=True),
                nulls_distinct=False,
                name="mie_contrat_ans_un_en_cours",
            ),
            models.CheckConstraint(
                condition=Q(valide_le__isnull=True) | Q(valide_le__gte=F("depose_le")),
                name="mie_contrat_ans_dates_ordonnees",
            ),
        ]


class GenreCarte(models.TextChoices):
    CDE = "cde", "carte CDE (directeur)"
    CPS = "cps", "carte CPS"
    E_CPS = "e_cps", "e-CPS"


class EtatCarte(models.TextChoices):
    COMMANDEE = "commandee", "commandée"
    RECUE = "recue", "reçue"
    ACTIVEE = "activee", "activée"
    EXPIREE = "expiree", "expirée"
    PERDUE = "perdue", "perdue ou volée"
    RENDUE = "rendue", "rendue"
    REVOQUEE = "revoquee", "révoquée"


# Where each state may lead.
SUITES_CARTE: dict[str, tuple[str, ...]] = {
    "commandee": ("recue", "activee", "revoquee"),
    "recue": ("activee", "perdue", "rendue", "revoquee"),
    "activee": ("perdue", "rendue", "revoquee", "expiree"),
    "expiree": ("rendue",),
    "perdue": ("revoquee",),
    "rendue": ("revoquee",),
    "revoquee": (),
}


class Carte(Horodate):
    champs_clairs = frozenset({"genre", "etat"})

    genre = models.CharField("carte", max_length=5, choices=GenreCarte.choices)
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="cartes_mie", verbose_name="titulaire")
    etat = models.CharField("état", max_length=9, choices=EtatCarte.choices, default=EtatCarte.COMMANDEE)
    numero = ChampScelle("numéro de carte")
    commandee_le = models.DateField("commandée le", default=today)
    recue_le = models.DateField("reçue le", null=True)
    activee_le = models.DateField("activée le", null=True)
    expire_le = models.DateField("expire le", null=True)
    finie_le = models.DateField("rendue, perdue ou révoquée le", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "carte"
        ordering = ["-commandee_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["compte", "genre"],
                condition=Q(etat="commandee") | Q(etat="recue") | Q(etat="activee"),
                name="mie_carte_une_en_cours",
            )
        ]

    @property
    def suites(self) -> list[tuple[str, str]]:
        return [(etat, str(EtatCarte(etat).label)) for etat in SUITES_CARTE[self.etat]]

    @property
    def jours_restants(self) -> int | None:
        return (self.expire_le - today()).days if self.expire_le else None


class InscriptionRpps(Horodate):
    """Asked, then obtained: the number itself is on the account."""

    compte = models.OneToOneField(
        Compte, models.CASCADE, related_name="inscription_rpps", verbose_name="compte"
    )
    demandee_le = models.DateField("demandée le")
    obtenue_le = models.DateField("obtenue le", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "inscription au RPPS"
        constraints = [
            models.CheckConstraint(
                condition=Q(obtenue_le__isnull=True) | Q(obtenue_le__gte=F("demandee_le")),
                name="mie_rpps_dates_ordonnees",
            )
        ]


class Besoin(Horodate):
    """What a function needs, and the answers it comes from (domain MIE-2a)."""

    champs_clairs = frozenset({"role", "besoin"})

    role = models.CharField("fonction", max_length=20, choices=Role.choices, unique=True)
    partage = models.BooleanField("échange ou partage des données de santé", default=False)
    professionnel = models.BooleanField("professionnel inscrit au RPPS", default=False)
    automatique = models.BooleanField("par un logiciel, sans la personne", default=False)
    telephone = models.BooleanField("dispose d’un téléphone professionnel", default=True)
    besoin = models.CharField("besoin", max_length=10, choices=list(cartes.BESOINS.items()))

    class Meta(Horodate.Meta):
        verbose_name = "besoin par fonction"


class GenreBoite(models.TextChoices):
    ORGANISATION = "organisation", "organisationnelle"
    APPLICATION = "application", "applicative"
    PERSONNE = "personne", "nominative"


class BoiteMssante(Horodate):
    champs_clairs = frozenset({"genre"})

    genre = models.CharField("genre", max_length=12, choices=GenreBoite.choices)
    adresse = models.EmailField("adresse", blank=True, default="")
    operateur = models.CharField("opérateur", max_length=80, blank=True, default="")
    demandee_le = models.DateField("demandée le")
    obtenue_le = models.DateField("obtenue le", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "boîte MSSanté"
        ordering = ["demandee_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(obtenue_le__isnull=True) | ~Q(adresse=""),
                name="mie_boite_obtenue_a_une_adresse",
                violation_error_message="Donnez l’adresse de la boîte obtenue.",
            )
        ]
