"""What this product may call outside: named hosts only."""

from config.settings import env

SORTANT_HOTES = env.liste(
    "TREILLE_SORTANT_HOTES",
    "",
    usage="hôtes que Treille peut appeler (hôte ou hôte:port), séparés par des virgules",
)
SORTANT_OCTETS_MAX = env.entier(
    "TREILLE_SORTANT_OCTETS", 10_000_000, usage="taille d’une réponse reçue, au plus"
)
SORTANT_SECONDES = env.entier("TREILLE_SORTANT_SECONDES", 15, usage="durée d’un appel sortant, au plus")
# True only in development and tests: this machine's own addresses, over plain http, still named in SORTANT_HOTES.
SORTANT_LOCAL = False
