"""Logs and error reports: structured, without personal data."""

from typing import Any

from config.settings import env

SENTRY_DSN = env.texte(
    "SENTRY_DSN", "", usage="collecteur d’erreurs (hébergé HDS) ; vide : aucun", secrete=True
)
TREILLE_METRIQUES_JETON = env.texte(
    "TREILLE_METRIQUES_JETON", "", usage="jeton de /metrics ; vide : machine locale seulement", secrete=True
)
LOG_NIVEAU = env.texte("TREILLE_LOG", "INFO", usage="niveau des journaux")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "plateforme.observability.journaux.formateur"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_NIVEAU},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        "httpx": {"level": "WARNING"},
    },
}
