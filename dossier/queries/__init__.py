"""Reads of dossiers, their right built in."""

from dossier.queries.acces import (
    DossierFerme,
    Explication,
    Maillon,
    avec_la_sante,
    expliquer,
    expliquer_ouvert,
    usagers_en_sante,
    usagers_visibles,
)
from dossier.queries.documents import document, documents_lisibles
from dossier.queries.dossiers import (
    Fiche,
    exiger_usager,
    fiche,
    fiche_de,
    gir_lisibles,
    lister,
    prudences,
    refuser,
    usager,
    vigilances_lisibles,
)

__all__ = [
    "DossierFerme",
    "Explication",
    "Fiche",
    "Maillon",
    "avec_la_sante",
    "document",
    "documents_lisibles",
    "exiger_usager",
    "expliquer",
    "expliquer_ouvert",
    "fiche",
    "fiche_de",
    "gir_lisibles",
    "lister",
    "prudences",
    "refuser",
    "usager",
    "usagers_en_sante",
    "usagers_visibles",
    "vigilances_lisibles",
]
