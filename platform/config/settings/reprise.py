"""Takeover of data: how much at once."""

from config.settings import env

REPRISE_LIGNES_MAX = env.entier(
    "TREILLE_REPRISE_LIGNES", 50_000, usage="lignes d’un fichier de reprise, au plus"
)
