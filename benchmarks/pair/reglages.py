"""The same apps under stock django-tenants: its backend, its router, its executor."""

from config.settings.test import *

DATABASES = {
    "default": {**DATABASES["ddl"], "ENGINE": "django_tenants.postgresql_backend", "CONN_MAX_AGE": 600}
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_SYNC_ROUTER = "django_tenants.routers.TenantSyncRouter"
PG_EXTRA_SEARCH_PATHS = ["ref", "ext"]
TENANT_APPS = [*TENANT_APPS, "benchmarks.pair.essai"]
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.pair.essai"]

# Its start-up check reads the tenants' table through a model we do not have; the measure does not need it.
import django_tenants.utils  # noqa: E402

django_tenants.utils.validate_extra_extensions = lambda: None
