"""Reads of the network's works."""

from django.db.models import Count

from plateforme.reseau.models import EtatTravail, Travail


def travaux_en_cours() -> list[tuple[dict[str, str], float]]:
    """How many works wait or run, as a family of ``/metrics``."""
    suivis = (EtatTravail.EN_ATTENTE, EtatTravail.EN_COURS)
    comptes = dict(
        Travail.objects.filter(etat__in=suivis).order_by().values_list("etat").annotate(n=Count("pk"))
    )
    return [({"etat": etat.value}, comptes.get(etat, 0)) for etat in suivis]
