"""What the structure chose about its sign-ins."""

from plateforme.identity.rules import INACTIVITE_MINUTES
from plateforme.tenancy.courant import exiger_courant


def inactivite_en_secondes() -> int:
    """Read when a session opens and kept on its row."""
    if not exiger_courant().est_une_structure:
        return INACTIVITE_MINUTES * 60
    from plateforme.identity.models import Reglages

    minutes = Reglages.objects.values_list("inactivite_minutes", flat=True).first()
    return (minutes or INACTIVITE_MINUTES) * 60


def verification_a_distance() -> bool:
    if not exiger_courant().est_une_structure:
        return True
    from plateforme.identity.models import Reglages

    choix = Reglages.objects.values_list("verification_a_distance", flat=True).first()
    return True if choix is None else choix
