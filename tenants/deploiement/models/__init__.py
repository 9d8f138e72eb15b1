from tenants.deploiement.models.gabarit import EtapeModele, Gabarit, Responsable, TypeDeProjet
from tenants.deploiement.models.parcours import (
    EtapeDeParcours,
    Maturite,
    Mouvement,
    Parcours,
    Rappel,
    Vague,
)
from tenants.deploiement.models.releve import Releve

__all__ = [
    "EtapeDeParcours",
    "EtapeModele",
    "Gabarit",
    "Maturite",
    "Mouvement",
    "Parcours",
    "Rappel",
    "Releve",
    "Responsable",
    "TypeDeProjet",
    "Vague",
]
