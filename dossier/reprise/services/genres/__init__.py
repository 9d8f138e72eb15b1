"""Kinds of records of the dossier that may be taken over."""

from dossier.reprise.registre import inscrire_genre
from dossier.reprise.services.genres.prises import Prises
from dossier.reprise.services.genres.proches import Proches
from dossier.reprise.services.genres.usagers import Usagers


def brancher() -> None:
    """Called in ``apps.ready()``."""
    for genre in (Usagers(), Proches(), Prises()):
        inscrire_genre(genre)
