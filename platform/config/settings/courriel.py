"""Outgoing e-mail: an SMTP server when it is described, else files one can read."""

from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.settings import env
from config.settings.storage import TREILLE_DATA


def serveur_de(url: str) -> dict[str, object]:
    """Django settings of ``smtp://user:password@host:587?tls=starttls`` (``smtps://`` for TLS from the first byte)."""
    parties = urlsplit(url)
    if parties.scheme not in ("smtp", "smtps") or not parties.hostname:
        raise ImproperlyConfigured("TREILLE_SMTP_URL doit ressembler à smtp://serveur:587?tls=starttls.")
    options = dict(parse_qsl(parties.query))
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parties.hostname,
        "EMAIL_PORT": parties.port or (465 if parties.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parties.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parties.password or ""),
        "EMAIL_USE_SSL": parties.scheme == "smtps",
        "EMAIL_USE_TLS": options.get("tls") == "starttls",
    }


TREILLE_SMTP_URL = env.texte(
    "TREILLE_SMTP_URL", "", usage="serveur d’envoi des courriels ; vide : dossier local", secrete=True
)
DEFAULT_FROM_EMAIL = env.texte(
    "TREILLE_EXPEDITEUR", "Treille <ne-pas-repondre@localhost>", usage="expéditeur des courriels"
)
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = TREILLE_DATA / "courriels"
if TREILLE_SMTP_URL:
    globals().update(serveur_de(TREILLE_SMTP_URL))
