"""Accounts, factors and sessions of one structure, in its own schema."""

from django.contrib.sessions.backends.db import SessionStore
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

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
