"""Tables of the takeover."""

from dossier.reprise.models.reprise import (
    EN_ROUTE,
    FAITES,
    SILENCE,
    Controle,
    Correspondance,
    Decision,
    EtatLigne,
    EtatPassage,
    EtatReprise,
    GenrePassage,
    Ligne,
    Passage,
    ReferenceExterne,
    Reprise,
)

__all__ = [
    "EN_ROUTE",
    "FAITES",
    "SILENCE",
    "Controle",
    "Correspondance",
    "Decision",
    "EtatLigne",
    "EtatPassage",
    "EtatReprise",
    "GenrePassage",
    "Ligne",
    "Passage",
    "ReferenceExterne",
    "Reprise",
]
