"""Shared by every environment; ``dev``, ``test`` and ``prod`` only specify."""

from config.installed import *
from config.settings import env
from config.settings.audit import *
from config.settings.cache import *
from config.settings.celery import *
from config.settings.chiffrement import *
from config.settings.courriel import *
from config.settings.database import *
from config.settings.mie import *
from config.settings.observability import *
from config.settings.oidc import *
from config.settings.reprise import *
from config.settings.security import *
from config.settings.sortant import *
from config.settings.storage import *

BASE_DIR = RACINE
DEBUG = False
EXIGER_AU_DEMARRAGE = False
INSTALLED_APPS = [*SHARED_APPS, *REF_APPS, *TENANT_APPS, *SANS_TABLE]

TENANT_SYNC_ROUTER = "plateforme.tenancy.routeur.RouteurDesSchemas"
# django-tenants' vocabulary for our two models.
TENANT_MODEL = "tenants.Structure"
TENANT_DOMAIN_MODEL = "tenants.Domaine"
PUBLIC_SCHEMA_NAME = "public"

TREILLE_DOMAINE = env.texte(
    "TREILLE_DOMAINE", "localhost", usage="domaine de base ; une structure est <slug>.<domaine>"
)
TREILLE_PORT = env.entier("TREILLE_PORT", 8000, usage="port public, pour écrire les adresses")
ALLOWED_HOSTS = [TREILLE_DOMAINE, f".{TREILLE_DOMAINE}", "127.0.0.1"]
ROOT_URLCONF = "config.urls_public"
URLCONF_STRUCTURE = "config.urls_structure"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

MIDDLEWARE = [
    "plateforme.observability.middleware.Correlation",
    "plateforme.web.entetes.EntetesDeSecurite",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    # Inside the four above: a refusal turned into a problem document keeps their headers.
    "plateforme.api.middleware.RefusEnProbleme",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.web.middleware.Aiguillage",
    "plateforme.identity.sessions.SessionDeStructure",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "plateforme.observability.middleware.Acteur",
    "plateforme.habilitations.middleware.SessionMasquee",
    "plateforme.audit.middleware.Journal",
    "plateforme.identity.oidc.middleware.SessionDuFournisseur",
    "plateforme.habilitations.middleware.RefusParDefaut",
    "django_htmx.middleware.HtmxMiddleware",
    "plateforme.web.erreurs.PagesDErreur",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "plateforme.web.templatetags.treille",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "plateforme.web.contexte.coquille",
            ],
        },
    }
]
FORM_RENDERER = "plateforme.web.formulaires.Rendu"

LANGUAGE_CODE = "fr"
USE_I18N = True
USE_TZ = True
# Instants are stored in UTC; this is only the zone pages are written in where the structure has no other.
TIME_ZONE = "Europe/Paris"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = TREILLE_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
INSTALLED_APPS += ["django.contrib.staticfiles"]
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
SIMPLE_HISTORY_ENABLED = True
SIMPLE_HISTORY_DATE_INDEX = False  # versions are read by their object, not by date
