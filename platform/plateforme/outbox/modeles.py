"""The outbox of the bound schema: a structure's own, or the network's."""

from typing import Any
from uuid import UUID

from plateforme.tenancy.courant import exiger_courant

# The doorbell names structures; the network, which is none, rings under this name.
RESEAU = UUID(int=0)


def boite() -> tuple[Any, Any]:
    """(messages, inbox) of where we are."""
    if exiger_courant().est_une_structure:
        from plateforme.outbox import models

        return models.Message, models.Traite
    from plateforme.reseau import models as reseau

    return reseau.MessageReseau, reseau.TraiteReseau
