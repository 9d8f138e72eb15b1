"""What a structure can say of its training, as counts."""

from django.db.models import Count, Exists, OuterRef, Q

from plateforme.faits import Etat, declarer_fait
from plateforme.formation.models import Emargement
from plateforme.habilitations.roles import SALARIES
from plateforme.identity.models import Compte


def _emargee() -> Etat:
    """Employees with an active account who signed one session at least."""
    comptes = (
        Compte.objects.filter(actif=True, role__in=SALARIES)
        .annotate(forme=Exists(Emargement.objects.filter(compte=OuterRef("pk"))))
        .aggregate(attendu=Count("pk"), fait=Count("pk", filter=Q(forme=True)))
    )
    return Etat(fait=comptes["fait"], attendu=comptes["attendu"])


declarer_fait("formation.emargee", "Chacun a émargé une formation", _emargee)
