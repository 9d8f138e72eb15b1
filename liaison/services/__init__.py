"""Acts on the cahier de liaison."""

from liaison.services.errors import ChampRefuse, DejaCorrigee, PasAuteur, TransmissionVide
from liaison.services.publier import (
    corriger_transmission,
    marquer_lue,
    publier_transmission,
    tout_marquer_lu,
)

__all__ = [
    "ChampRefuse",
    "DejaCorrigee",
    "PasAuteur",
    "TransmissionVide",
    "corriger_transmission",
    "marquer_lue",
    "publier_transmission",
    "tout_marquer_lu",
]
