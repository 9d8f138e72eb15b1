"""Break-glass, as every request reads it: carried by the account, which was read with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from plateforme.habilitations.droits import bris_de
from plateforme.habilitations.roles import AIDE_SOIGNANT, IDEC, INFIRMIER, RESPONSABLE

# Source: domain roles, bris de glace: IDEC, IDE, AS, and the responsable on call.
FONCTIONS = (IDEC, INFIRMIER, AIDE_SOIGNANT, RESPONSABLE)


def bris_ouverts(compte: Any, instant: datetime) -> list[UUID]:
    """Usagers whose dossier this account holds open by break-glass at ``instant``."""
    if compte.role not in FONCTIONS:
        return []
    return [sujet for sujet, du, au in bris_de(compte) if du <= instant < au]
