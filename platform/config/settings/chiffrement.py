"""Where the keys that protect data live."""

from config.settings import env

CLES_FOURNISSEUR = env.texte(
    "TREILLE_CLES",
    "fichier",
    usage="où vivent les clés maîtresses : « kms », ou « fichier » pour le développement",
)
CLES_DOSSIER = env.texte(
    "TREILLE_CLES_DOSSIER", "", usage="dossier des clés en fichiers ; vide : TREILLE_DATA/cles"
)
CLES_FICHIER_ADMIS = env.booleen(
    "TREILLE_CLES_FICHIER_ADMIS",
    defaut=False,
    usage="accepter des clés en fichiers en production (déconseillé)",
)
CLES_CACHE_SECONDES = env.entier(
    "TREILLE_CLES_CACHE",
    300,
    usage="secondes pendant lesquelles un processus garde une clé déballée (300 au plus)",
)
KMS_ENDPOINT_URL = env.texte(
    "KMS_ENDPOINT_URL", "", usage="adresse du service de clés (KMS) ; vide : celle de la région"
)
KMS_REGION = env.texte("KMS_REGION", "gra", usage="région du service de clés")
KMS_ACCESS_KEY_ID = env.texte("KMS_ACCESS_KEY_ID", "", usage="clé d’accès au service de clés", secrete=True)
KMS_SECRET_ACCESS_KEY = env.texte(
    "KMS_SECRET_ACCESS_KEY", "", usage="secret du service de clés", secrete=True
)
