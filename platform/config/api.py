"""The APIs: one per site, built here and nowhere else."""

from plateforme.api.racine import construire
from plateforme.habilitations.acces import acces

api_structure = construire(
    "Treille, API d’une structure",
    "api",
    {},
    acces("plateforme.api.documenter"),
)
