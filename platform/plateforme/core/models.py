"""Abstract bases shared by every table."""

from django.db import models
from uuid_utils.compat import uuid7

from plateforme.core.clock import now
from plateforme.tenancy.modeles import ModeleDeStructure


class Identifie(ModeleDeStructure):
    """UUIDv7 primary key: opaque outside, ordered inside, no sequence in the schema."""

    id = models.UUIDField("identifiant", primary_key=True, default=uuid7, editable=False)

    class Meta(ModeleDeStructure.Meta):
        abstract = True


class Horodate(Identifie):
    """Carries when it was made and last changed."""

    cree_a = models.DateTimeField("créé à", default=now, editable=False)
    modifie_a = models.DateTimeField("modifié à", auto_now=True)

    class Meta(Identifie.Meta):
        abstract = True


class Journal(Identifie):
    """A row that is written once: the structure's role may INSERT and SELECT, never UPDATE or DELETE."""

    privileges = ("SELECT", "INSERT")

    class Meta(Identifie.Meta):
        abstract = True
