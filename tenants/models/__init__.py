from tenants.models.cellule import Cellule, Emplacement, EtatEmplacement
from tenants.models.flotte import Etape, Modele, Passage
from tenants.models.grappe import Adhesion, CelluleModele, Grappe, PhaseDeploiement
from tenants.models.structure import Domaine, EtatStructure, Organisme, Profil, ProfilDate, Structure

__all__ = [
    "Adhesion",
    "Cellule",
    "CelluleModele",
    "Domaine",
    "Emplacement",
    "Etape",
    "EtatEmplacement",
    "EtatStructure",
    "Grappe",
    "Modele",
    "Organisme",
    "Passage",
    "PhaseDeploiement",
    "Profil",
    "ProfilDate",
    "Structure",
]
