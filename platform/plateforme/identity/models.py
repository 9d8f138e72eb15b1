"""Accounts and sessions of one structure, in its own schema."""

from django.contrib.sessions.backends.db import SessionStore
from django.db import models

from plateforme.habilitations import roles
from plateforme.identity.base import CompteBase, SessionBase
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
