"""Accounts, factors and sessions of one structure, in its own schema."""

from django.contrib.sessions.backends.db import SessionStore
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from plateforme.core.models import Horodate
from plateforme.habilitations import roles
from plateforme.identity.base import (
    CodeDeSecoursBase,
    CompteBase,
    FacteurBase,
    LienBase,
    SessionBase,
    VerrouBase,
)
from plateforme.tenancy.modeles import ModeleDeStructure


class Role(models.TextChoices):
    """Functions of a SAD. A right is given to a function, never to a rank."""

    DIRECTION = roles.DIRECTION, "direction"
    RESPONSABLE = roles.RESPONSABLE, "responsable de secteur"
    IDEC = roles.IDEC, "infirmier coordinateur"
    INFIRMIER = roles.INFIRMIER, "infirmier"
    AIDE_SOIGNANT = roles.AIDE_SOIGNANT, "aide-soignant"
    INTERVENANT = roles.INTERVENANT, "intervenant à domicile"
    SECRETARIAT = roles.SECRETARIAT, "secrétariat"
    COMPTABLE = roles.COMPTABLE, "comptabilité et ressources humaines"
    DPD = roles.DPD, "délégué à la protection des données"
    USAGER = roles.USAGER, "usager ou personne de confiance"
    PARTENAIRE = roles.PARTENAIRE, "partenaire conventionné"


class Compte(CompteBase, ModeleDeStructure):  # type: ignore[misc]
    """Somebody who works for this structure.

    ``id_national``: identifier with its prefix as Pro Santé Connect gives it (``8`` + RPPS). It is the link with PSC.
    """

    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    id_national = models.CharField("identifiant national", max_length=40, blank=True, default="")
    rpps_verifie_le = models.DateField("vérification du RPPS", null=True, blank=True)

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "compte"
        constraints = [
            models.UniqueConstraint(fields=["identifiant"], name="compte_identifiant_unique"),
            models.UniqueConstraint(
                fields=["id_national"], condition=~models.Q(id_national=""), name="compte_id_national_unique"
            ),
        ]


class Session(SessionBase):
    """A signed-in browser or phone of this structure."""

    class Meta:
        verbose_name = "session"
        db_table = "identity_session"
        indexes = [
            models.Index(fields=["compte_id"], name="session_compte"),
            models.Index(fields=["sid"], name="session_sid", condition=~models.Q(sid="")),
        ]

    @classmethod
    def get_session_store_class(cls) -> type:
        return SessionStore


class Facteur(FacteurBase, ModeleDeStructure):
    compte = models.ForeignKey(Compte, models.CASCADE, related_name="facteurs", verbose_name="compte")

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "second facteur"
        db_table = "identity_facteur"
        ordering = ["cree_a"]
        constraints = [models.UniqueConstraint(fields=["cle_id"], name="facteur_cle_unique")]


class CodeDeSecours(CodeDeSecoursBase, ModeleDeStructure):
    compte = models.ForeignKey(Compte, models.CASCADE, related_name="codes", verbose_name="compte")

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "code de secours"
        db_table = "identity_code_secours"


class Lien(LienBase, ModeleDeStructure):
    compte = models.ForeignKey(Compte, models.CASCADE, related_name="liens", verbose_name="compte")

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "lien à usage unique"
        db_table = "identity_lien"
        ordering = ["-cree_a"]


class Verrou(VerrouBase, ModeleDeStructure):
    class Meta(ModeleDeStructure.Meta):
        verbose_name = "verrou"
        db_table = "identity_verrou"


class Reglages(ModeleDeStructure):
    """What a structure chooses about its sign-ins; one row at most, absent means the defaults."""

    id = models.PositiveSmallIntegerField("identifiant", primary_key=True, default=1, editable=False)
    inactivite_minutes = models.PositiveSmallIntegerField(
        "minutes d’inactivité permises",
        default=20,
        validators=[MinValueValidator(15), MaxValueValidator(30)],
    )
    verification_a_distance = models.BooleanField("identité vérifiable à distance", default=True)

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "réglages des accès"
        db_table = "identity_reglages"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="reglages_une_ligne"),
            models.CheckConstraint(
                condition=models.Q(inactivite_minutes__range=(15, 30)), name="reglages_inactivite_bornee"
            ),
        ]


class FournisseurOidc(Horodate):
    """An OpenID provider of the structure's own: its organisme's directory, its region's.

    ``acr`` and ``amr``: what the provider must assert, words separated by spaces (one of ``acr``, all of ``amr``).
    What it does not assert is asked here (``second_facteur_local``), or the sign-in is refused.
    """

    nom = models.CharField("nom", max_length=80)
    issuer = models.URLField("émetteur", max_length=300)
    decouverte = models.URLField("document de découverte", max_length=400)
    client_id = models.CharField("identifiant du service", max_length=200)
    secret = models.BinaryField("secret scellé", null=True)
    revendication = models.CharField("revendication qui identifie", max_length=60, default="sub")
    scopes = models.CharField("portées demandées", max_length=200, default="openid profile")
    acr = models.CharField("niveaux admis", max_length=300, blank=True, default="")
    amr = models.CharField("facteurs exigés", max_length=200, blank=True, default="")
    second_facteur_local = models.BooleanField("second facteur demandé ici", default=False)
    actif = models.BooleanField("proposé à la connexion", default=False)
    essaye_a = models.DateTimeField("dernier essai réussi", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "fournisseur d’identité"
        db_table = "identity_fournisseur_oidc"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "client_id"], name="fournisseur_oidc_unique")
        ]

    def __str__(self) -> str:
        return self.nom


class LienOidc(Horodate):
    """This person of that provider is this account. Made by the signed-in person, never guessed."""

    fournisseur = models.ForeignKey(FournisseurOidc, models.CASCADE, verbose_name="fournisseur")
    compte = models.ForeignKey(Compte, models.CASCADE, verbose_name="compte")
    sub = models.CharField("sujet", max_length=255, db_collation="C")

    class Meta(Horodate.Meta):
        verbose_name = "lien avec un fournisseur"
        db_table = "identity_lien_oidc"
        constraints = [
            models.UniqueConstraint(fields=["fournisseur", "sub"], name="lien_oidc_sujet_unique"),
            models.UniqueConstraint(fields=["fournisseur", "compte"], name="lien_oidc_compte_unique"),
        ]


class EtatRapprochement(models.TextChoices):
    EN_ATTENTE = "en_attente", "à confirmer"
    CONFIRME = "confirme", "confirmé"
    ECARTE = "ecarte", "écarté"


class RapprochementPsc(Horodate):
    """Somebody proved a Pro Santé Connect identity whose names differ from their account's: a person decides."""

    compte = models.ForeignKey(Compte, models.CASCADE, verbose_name="compte")
    id_national = models.CharField("identifiant national", max_length=40)
    prenom = models.CharField("prénom chez Pro Santé Connect", max_length=100, blank=True, default="")
    nom = models.CharField("nom chez Pro Santé Connect", max_length=100, blank=True, default="")
    etat = models.CharField(
        "état", max_length=10, choices=EtatRapprochement.choices, default=EtatRapprochement.EN_ATTENTE
    )
    decide_par = models.ForeignKey(
        Compte, models.PROTECT, null=True, related_name="+", verbose_name="décidé par"
    )
    decide_a = models.DateTimeField("décidé à", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "rapprochement avec Pro Santé Connect"
        db_table = "identity_rapprochement_psc"
        ordering = ["-cree_a"]
        constraints = [
            models.UniqueConstraint(
                fields=["compte"],
                condition=models.Q(etat="en_attente"),
                name="rapprochement_psc_un_en_attente",
            )
        ]
