"""Every act of the space: the right, the organisme of the structure in front, the rows in public, the trace at home."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.errors import ErreurMetier
from plateforme.faits import signaler
from plateforme.habilitations.decision import exiger
from tenants.contexte import en_public
from tenants.models import Organisme
from tenants.rgpd import queries


class RgpdRefuse(ErreurMetier):
    code: ClassVar[str] = "rgpd.espace.refuse"


@contextmanager
def acte(acteur: Any, code: str, evenement: str, **details: Any) -> Iterator[Organisme]:
    """One transaction: the block writes in public, then the structure’s own journal says so and facts are told.

    Raises HabilitationRefusee before anything is written.
    """
    exiger(acteur, code)
    organisme = queries.organisme_courant()
    with transaction.atomic():
        with en_public():
            # One act at a time for an entité juridique, whichever of its structures it comes from.
            Organisme.objects.select_for_update().get(pk=organisme.pk)
            yield organisme
        noter(evenement, **details)
        signaler()


def net(texte: str, longueur: int) -> str:
    return " ".join(texte.split())[:longueur]
