"""What a structure can say of its accounts, as counts."""

from django.db.models import Count, Q

from plateforme.faits import Etat, declarer_fait
from plateforme.identity.models import Compte


def _second_facteur() -> Etat:
    """Active accounts whose identity was checked and who enrolled a second factor."""
    comptes = (
        Compte.objects.filter(actif=True)
        .annotate(n=Count("facteurs"))
        .aggregate(
            attendu=Count("pk"), fait=Count("pk", filter=Q(n__gt=0, identite_verifiee_a__isnull=False))
        )
    )
    return Etat(fait=comptes["fait"], attendu=comptes["attendu"])


declarer_fait(
    "identity.second_facteur", "Chaque compte a vérifié son identité et son second facteur", _second_facteur
)
