"""Object storage: S3 when it is described, else a folder."""

from pathlib import Path

from config.settings import env

RACINE = Path(__file__).resolve().parents[3]
TREILLE_DATA = Path(env.texte("TREILLE_DATA", str(RACINE / ".treille"), usage="dossier des données locales"))

S3_ENDPOINT_URL = env.texte("S3_ENDPOINT_URL", "", usage="adresse du stockage objet ; vide : dossier local")
S3_BUCKET = env.texte("S3_BUCKET", "treille", usage="compartiment du stockage objet")
S3_REGION = env.texte("S3_REGION", "gra", usage="région du stockage objet")
S3_ACCESS_KEY_ID = env.texte("S3_ACCESS_KEY_ID", "", usage="clé d’accès au stockage objet", secrete=True)
S3_SECRET_ACCESS_KEY = env.texte("S3_SECRET_ACCESS_KEY", "", usage="secret du stockage objet", secrete=True)

DOCUMENT_TAILLE_MAX = env.entier(
    "TREILLE_DOCUMENT_MAX", 20_000_000, usage="taille d’un document, en octets, au plus"
)
IMAGE_PIXELS_MAX = env.entier("TREILLE_IMAGE_PIXELS", 50_000_000, usage="points d’une image, au plus")
# In memory only: a temporary file would hold the document in clear.
FILE_UPLOAD_HANDLERS = [
    "plateforme.storage.reception.Plafond",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = DOCUMENT_TAILLE_MAX + 1_000_000

CLAMAV = env.texte(
    "TREILLE_CLAMAV",
    "",
    usage="antivirus : unix:/chemin/clamd.sock ou tcp:hôte:port ; vide : pas de contrôle",
)
CLAMAV_SECONDES = env.entier(
    "TREILLE_CLAMAV_SECONDES", 30, usage="attente de l’antivirus, en secondes, au plus"
)
