"""The API of a structure, built here and nowhere else: one router per domain."""

from dossier.api import router as dossier
from liaison.api import router as liaison
from plateforme.api.racine import construire
from plateforme.habilitations.acces import acces
from plateforme.terrain.api import router as terrain
from telegestion.api import router as telegestion

api_structure = construire(
    "Treille, API d’une structure",
    "api",
    {"": terrain, "/usagers": dossier, "/telegestion": telegestion, "/transmissions": liaison},
    acces("plateforme.api.documenter"),
)
