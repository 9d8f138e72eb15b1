"""Production: https only, no default for a secret."""

from django.core.exceptions import ImproperlyConfigured

from config.settings import env
from config.settings.base import *

# The entry points refuse to start while something of this file was weakened.
EXIGER_AU_DEMARRAGE = True
if TREILLE_DEMO:
    raise ImproperlyConfigured("TREILLE_DEMO est réservée à la démonstration : retirez-la en production.")

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
# A new dictionary: the one of ``base`` is also that of whoever reads these settings beside others.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
exiger_https(PSC_ISSUER, PSC_DECOUVERTE)
if MIE_BAC_A_SABLE:
    raise ImproperlyConfigured(
        "MIE_BAC_A_SABLE : l’autorité de démonstration ne sert que sous « make run », retirez-la en production."
    )
