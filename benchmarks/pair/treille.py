"""Treille's engine and routing middleware, nothing else, around the same view."""

from config.settings.test import *

DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
MIDDLEWARE = ["tenants.web.middleware.Aiguillage", "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = URLCONF_STRUCTURE = "benchmarks.pair.urls"
BANC_MODELE = "dossier.Secteur"
