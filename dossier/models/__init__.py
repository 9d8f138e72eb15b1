"""Tables of the dossier."""

from dossier.models.acces import (
    Consentement,
    ConventionPartage,
    MembreConvention,
    MembreEquipe,
    Opposition,
    PorteeOpposition,
    Rattachement,
)
from dossier.models.prise import NaturePriseEnCharge, PriseEnCharge
from dossier.models.usager import (
    Civilite,
    Niveau,
    Proche,
    Secteur,
    StatutIns,
    Usager,
    UsagerQuerySet,
    Vigilance,
)

__all__ = [
    "Civilite",
    "Consentement",
    "ConventionPartage",
    "MembreConvention",
    "MembreEquipe",
    "NaturePriseEnCharge",
    "Niveau",
    "Opposition",
    "PorteeOpposition",
    "PriseEnCharge",
    "Proche",
    "Rattachement",
    "Secteur",
    "StatutIns",
    "Usager",
    "UsagerQuerySet",
    "Vigilance",
]
