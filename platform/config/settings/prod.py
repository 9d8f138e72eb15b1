"""Production: https only, no default for a secret."""

from config.settings import env
from config.settings.base import *

SECRET_KEY = env.texte("TREILLE_SECRET_KEY", usage="clé de signature", secrete=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-treille_session"
CSRF_COOKIE_NAME = "__Host-treille_csrf"
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
WHITENOISE_USE_FINDERS = False
exiger_https(PSC_ISSUER, PSC_DECOUVERTE)
