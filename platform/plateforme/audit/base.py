"""What the journal of a structure and that of the network have in common.

A row is written by one SQL function (``audit.sql``), never by ``save()``: the number, the instant, the actor and the
hash are the database's. Who acts comes from the settings of the transaction; a write without them fails.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import NullIf
from django.db.models.functions.comparison import Cast

from plateforme.tenancy.modeles import ModeleDeStructure


def _contexte(nom: str) -> Func:
    """Fails when nobody set it: a trace without an author does not exist."""
    return Func(Value(f"treille.{nom}"), function="current_setting", output_field=models.TextField())


class EcritureInterdite(RuntimeError):
    def __init__(self) -> None:
        super().__init__("Une trace s’écrit par plateforme.audit.journal, et ne se modifie jamais.")


class TraceBase(ModeleDeStructure):
    """Something somebody did or looked at. ``empreinte`` chains to the row before.

    ``genre`` is the code of an event or of an action; ``nature`` C, R, U, D or E (FHIR AuditEvent.action).
    ``sujets``: ids of the usagers concerned. ``details``: codes, ids, counts, never a name nor a content.
    ``efface_a``: the content went at the end of its retention; number and hashes stay, so that the chain still holds.
    """

    masque: ClassVar[bool] = False
    privileges: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT")

    numero = models.BigIntegerField("numéro", primary_key=True)
    instant = models.DateTimeField("instant", db_default=Func(function="clock_timestamp"))
    acteur_id = models.UUIDField(
        "acteur", null=True, db_default=Cast(NullIf(_contexte("acteur"), Value("")), models.UUIDField())
    )
    role = models.CharField("rôle", max_length=20, db_default=_contexte("role"))
    origine = models.CharField("origine", max_length=60, db_default=_contexte("origine"))
    mode = models.CharField("mode", max_length=12, db_default=_contexte("mode"))
    requete = models.CharField("requête", max_length=64, db_default=_contexte("requete"))
    genre = models.CharField("genre", max_length=80)
    nature = models.CharField("nature", max_length=1)
    sujets = ArrayField(models.UUIDField(), verbose_name="usagers", default=list)
    details = models.JSONField("détails", default=dict)
    precedente = models.BinaryField("empreinte de la précédente")
    empreinte = models.BinaryField("empreinte")
    efface_a = models.DateTimeField("effacée à", null=True)

    class Meta(ModeleDeStructure.Meta):
        abstract = True
        # PostgreSQL keeps a local setting as an empty string once its transaction is over: empty is absent.
        constraints = [
            models.CheckConstraint(condition=~models.Q(origine=""), name="%(class)s_dit_d_ou"),
        ]

    def save(self, *_args: Any, **_kwargs: Any) -> None:
        raise EcritureInterdite

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise EcritureInterdite


class TeteBase(ModeleDeStructure):
    """Where the chain stands: one row, locked by each writer. A truncated journal no longer agrees with it."""

    masque: ClassVar[bool] = False
    privileges: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT", "UPDATE")

    id = models.SmallIntegerField("identifiant", primary_key=True, default=1)
    numero = models.BigIntegerField("dernier numéro", default=0)
    empreinte = models.BinaryField("dernière empreinte", default=b"")

    class Meta(ModeleDeStructure.Meta):
        abstract = True


class PointBase(ModeleDeStructure):
    """A signed checkpoint: up to ``numero`` the chain was this one. ``jeton``: RFC 3161 token where there is an authority."""

    masque: ClassVar[bool] = False
    privileges: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT")

    numero = models.BigIntegerField("numéro", primary_key=True)
    empreinte = models.BinaryField("empreinte")
    scelle_a = models.DateTimeField("scellé à")
    signature = models.BinaryField("signature")
    jeton = models.BinaryField("jeton d’horodatage", null=True)

    class Meta(ModeleDeStructure.Meta):
        abstract = True
