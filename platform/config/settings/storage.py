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
