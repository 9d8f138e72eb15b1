"""The journal of accesses: who signs its checkpoints, who dates them."""

from config.settings import env

TREILLE_CLE_DU_JOURNAL = env.texte(
    "TREILLE_CLE_DU_JOURNAL",
    "",
    usage="graine de la clé qui signe les points de contrôle du journal (absente : dérivée de TREILLE_SECRET_KEY)",
    secrete=True,
)
TREILLE_TSA_URL = env.texte(
    "TREILLE_TSA_URL", "", usage="autorité d’horodatage RFC 3161 ; vide : points signés sans jeton"
)
