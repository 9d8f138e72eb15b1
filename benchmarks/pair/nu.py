"""Plain Django: stock PostgreSQL backend on one schema, no routing middleware, the same view."""

import os

from config.settings.test import *

DATABASES = {
    "default": {
        **DATABASES["ddl"],
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {"options": f"-c search_path={os.environ['BANC_SCHEMA']},ref,ext"},
    }
}
DATABASE_ROUTERS = []
INSTALLED_APPS = [*(app for app in INSTALLED_APPS if app != "django_tenants"), "benchmarks.pair.essai"]
BANC_MODELE = "essai.SecteurNu"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = URLCONF_STRUCTURE = "benchmarks.pair.urls"
