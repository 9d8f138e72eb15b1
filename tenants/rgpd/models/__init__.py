from tenants.rgpd.models.aipd import Aipd
from tenants.rgpd.models.dpd import DesignationDpd
from tenants.rgpd.models.referentiel import DelaiLegal, RegleConservation
from tenants.rgpd.models.registre import FicheRegistre, SignatureDeFiche, VersionDeFiche
from tenants.rgpd.models.violation import EvenementReseau, LigneDeViolation, Violation

__all__ = [
    "Aipd",
    "DelaiLegal",
    "DesignationDpd",
    "EvenementReseau",
    "FicheRegistre",
    "LigneDeViolation",
    "RegleConservation",
    "SignatureDeFiche",
    "VersionDeFiche",
    "Violation",
]
