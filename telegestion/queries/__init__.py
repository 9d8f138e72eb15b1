"""Reads of the planning and of the tours."""

from telegestion.queries.details import Badge, Changement, Detail, GesteVu, detail
from telegestion.queries.equipe import (
    Candidat,
    absences_de,
    candidats,
    intervenants,
    minutes_de_la_semaine,
    semaine_de,
)
from telegestion.queries.tournee import FERME, Etape, Tournee, etape_de, intervenant_du_compte, tournee_de
from telegestion.queries.visites import (
    TOLERANCE_RETARD,
    Equipier,
    Journee,
    Visite,
    badges_de,
    interventions_visibles,
    journee,
    visite,
    visite_de,
    visites_de,
)

__all__ = [
    "FERME",
    "TOLERANCE_RETARD",
    "Badge",
    "Candidat",
    "Changement",
    "Detail",
    "Equipier",
    "Etape",
    "GesteVu",
    "Journee",
    "Tournee",
    "Visite",
    "absences_de",
    "badges_de",
    "candidats",
    "detail",
    "etape_de",
    "intervenant_du_compte",
    "intervenants",
    "interventions_visibles",
    "journee",
    "minutes_de_la_semaine",
    "semaine_de",
    "tournee_de",
    "visite",
    "visite_de",
    "visites_de",
]
