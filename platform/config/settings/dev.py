"""``make run``: the whole product on one machine, over plain http."""

from config.settings import env
from config.settings.base import *

SECRET_KEY = env.texte("TREILLE_SECRET_KEY", usage="clé de signature", secrete=True)
SESSION_COOKIE_NAME = "treille_session"
CSRF_COOKIE_NAME = "treille_csrf"
WHITENOISE_AUTOREFRESH = False
SORTANT_LOCAL = True
