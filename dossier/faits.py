"""What a structure can say of its dossiers: a count, nobody."""

from dossier.models import StatutIns, Usager
from plateforme.faits import Etat, declarer_fait


def _premiere_ins() -> Etat:
    return Etat(fait=int(Usager.objects.filter(statut_ins=StatutIns.QUALIFIEE).exists()))


declarer_fait("dossier.premiere_ins", "Une INS au moins est qualifiée", _premiere_ins)
