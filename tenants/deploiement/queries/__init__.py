from tenants.deploiement.queries.fiche import (
    Fiche,
    LigneDEtape,
    en_production,
    etapes_vues,
    fiche_de,
    gabarits_par_projet,
    maturite_de,
    parcours_de,
)
from tenants.deploiement.queries.tableau import Case, Colonne, Filtre, LigneDeTableau, Tableau, tableau

__all__ = [
    "Case",
    "Colonne",
    "Fiche",
    "Filtre",
    "LigneDEtape",
    "LigneDeTableau",
    "Tableau",
    "en_production",
    "etapes_vues",
    "fiche_de",
    "gabarits_par_projet",
    "maturite_de",
    "parcours_de",
    "tableau",
]
