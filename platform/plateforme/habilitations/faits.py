"""What a structure can say of its rights."""

from plateforme.faits import Etat, declarer_fait
from plateforme.habilitations.models import Campagne


def _signees() -> Etat:
    return Etat(fait=int(Campagne.objects.filter(signee_a__isnull=False).exists()))


declarer_fait("habilitations.signees", "Une revue des habilitations est signée", _signees)
