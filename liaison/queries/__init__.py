"""Reads of the cahier de liaison, their right built in."""

from liaison.queries.affectation import AFFECTATION
from liaison.queries.transmissions import (
    FILTRES,
    a_suivre,
    dernieres,
    lister,
    nombre_non_lues,
    non_lues,
    prudences,
    transmission,
    transmissions_visibles,
)

__all__ = [
    "AFFECTATION",
    "FILTRES",
    "a_suivre",
    "dernieres",
    "lister",
    "nombre_non_lues",
    "non_lues",
    "prudences",
    "transmission",
    "transmissions_visibles",
]
