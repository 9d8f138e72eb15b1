"""Accounts and sessions of one structure, in its own schema."""

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from plateforme.identity.base import CompteBase
from plateforme.tenancy.modeles import ModeleDeStructure


class Role(models.TextChoices):
    """Functions of a SAD. A right is given to a function, never to a rank."""

    DIRECTION = "direction", "direction"
    RESPONSABLE = "responsable_secteur", "responsable de secteur"
    IDEC = "idec", "infirmier coordinateur"
    SECRETARIAT = "secretariat", "secrétariat"
    SOIGNANT = "soignant", "soignant"
    INTERVENANT = "intervenant", "intervenant à domicile"


BUREAU = (Role.DIRECTION, Role.RESPONSABLE, Role.IDEC, Role.SECRETARIAT)
TERRAIN = (Role.SOIGNANT, Role.INTERVENANT)


class Compte(CompteBase, ModeleDeStructure):  # type: ignore[misc]
    """Somebody who works for this structure."""

    role = models.CharField("rôle", max_length=20, choices=Role.choices)

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "compte"
        constraints = [models.UniqueConstraint(fields=["identifiant"], name="compte_identifiant_unique")]


class Session(AbstractBaseSession):
    """A signed-in browser or phone of this structure."""

    compte_id = models.UUIDField("compte", null=True)
    session_key = models.CharField("clé", max_length=40, primary_key=True, db_collation="C")

    class Meta:
        verbose_name = "session"
        db_table = "identity_session"
        indexes = [models.Index(fields=["compte_id"], name="session_compte")]

    @classmethod
    def get_session_store_class(cls) -> type:
        return SessionStore
