"""Keys of a structure, wrapped: a copy of the base without the key provider opens nothing."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from plateforme.core.clock import now
from plateforme.core.models import Journal
from plateforme.tenancy.modeles import ModeleDeStructure


class EtatCle(models.TextChoices):
    ACTIVE = "active", "active"
    RETIREE = "retiree", "retirée, gardée pour relire"


class CleBase(ModeleDeStructure):
    """A data key. ``reference`` names the master key that wraps it; ``anciennes`` those it was wrapped by before.

    The old references stay known because backups still hold keys wrapped by them: destroying the structure destroys
    every one.
    """

    masque: ClassVar[bool] = False

    id = models.UUIDField("identifiant", primary_key=True, default=uuid4, editable=False)
    usage = models.CharField("usage", max_length=20)
    version = models.PositiveIntegerField("version", default=1)
    etat = models.CharField("état", max_length=10, choices=EtatCle.choices, default=EtatCle.ACTIVE)
    reference = models.CharField("clé maîtresse", max_length=200)
    anciennes = models.JSONField("clés maîtresses précédentes", default=list)
    emballee = models.BinaryField("clé emballée")
    creee_a = models.DateTimeField("créée à", default=now, editable=False)
    retiree_a = models.DateTimeField("retirée à", null=True)

    # Never deleted: what it sealed may still be somewhere.
    privileges = ("SELECT", "INSERT", "UPDATE")

    class Meta(ModeleDeStructure.Meta):
        abstract = True


class Cle(CleBase):
    class Meta(CleBase.Meta):
        verbose_name = "clé de données"
        constraints = [
            models.UniqueConstraint(
                fields=["usage"], condition=Q(etat="active"), name="chiffrement_cle_une_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.usage} v{self.version}"


class CleSujet(ModeleDeStructure):
    """The key of one usager, sealed by the structure's: erasing this row erases all it sealed, wherever it lies."""

    masque: ClassVar[bool] = False

    id = models.UUIDField("identifiant", primary_key=True, default=uuid4, editable=False)
    sujet_id = models.UUIDField("usager", unique=True)
    scellee = models.BinaryField("clé scellée")
    scellee_par = models.UUIDField("clé de données qui la scelle")
    creee_a = models.DateTimeField("créée à", default=now, editable=False)

    class Meta(ModeleDeStructure.Meta):
        db_table = "chiffrement_cle_sujet"
        verbose_name = "clé d’un usager"

    def __str__(self) -> str:
        return str(self.sujet_id)


class Destruction(Journal):
    """The key of an usager was destroyed, when and by whom. Also kept in the object store, out of any restore."""

    sujet_id = models.UUIDField("usager")
    cle_id = models.UUIDField("clé détruite")
    motif = models.CharField("motif", max_length=60)
    acteur_id = models.UUIDField("acteur", null=True)
    detruite_a = models.DateTimeField("détruite à", default=now)

    class Meta(Journal.Meta):
        verbose_name = "destruction de clé"

    def __str__(self) -> str:
        return f"{self.sujet_id} ({self.motif})"
