"""What the browser is told, and how sessions live."""

from datetime import timedelta

from csp.constants import NONE, SELF

from config.settings import env

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A camera reads the badge of a home, a position is noted at arrival; the rest of the machine is nobody's business.
ENTETES_DE_SECURITE = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), bluetooth=(), browsing-topics=(), camera=(self), display-capture=(), "
        "geolocation=(self), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self), serial=(), usb=(), xr-spatial-tracking=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
}

SESSION_ENGINE = "plateforme.identity.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "plateforme.web.erreurs.csrf"

# How many of the last names of X-Forwarded-For our own proxies wrote; 0: the peer is the browser.
TREILLE_MANDATAIRES = env.entier("TREILLE_MANDATAIRES", 0, usage="mandataires devant le serveur web")
# Shows the code of the demonstration's accounts on the sign-in page; never in production.
TREILLE_DEMO = env.booleen(
    "TREILLE_DEMO", defaut=False, usage="comptes de démonstration, avec leur code affiché"
)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_USER_MODEL = "identity.Compte"
AUTHENTICATION_BACKENDS = [
    "plateforme.identity.backends.MotDePasse",
    "plateforme.habilitations.support.SessionsDeSupport",
]
LOGIN_URL = "connexion"
