"""Which app's tables go into which schema, and on which alias schemas are made."""

from typing import Any

from django.apps import apps
from django.conf import settings

from plateforme.tenancy.courant import courant


def apps_du_schema(schema: str) -> frozenset[str]:
    """Labels of the apps whose tables live in ``schema``."""
    cotes: dict[str, list[str]] = {"public": settings.SHARED_APPS, "ref": settings.REF_APPS}
    cote = cotes.get(schema, settings.TENANT_APPS)
    return frozenset(config.label for config in apps.get_app_configs() if _declaree(config, cote))


def _declaree(config: Any, cote: list[str]) -> bool:
    return config.name in cote or f"{config.__module__}.{type(config).__name__}" in cote


class RouteurDesSchemas:
    """Migrations run as the owner (alias ``ddl``), and only those of the schema in front."""

    def db_for_read(self, model: type, **_hints: Any) -> None:
        return None

    def allow_relation(self, obj1: Any, obj2: Any, **_hints: Any) -> bool:
        """Never across two schemas. An object being built has no birth place yet: it is born here."""
        contexte = courant()
        ici = contexte.schema if contexte else None
        return bool(getattr(obj1._state, "schema", ici) == getattr(obj2._state, "schema", ici))

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        contexte = courant()
        if db != "ddl" or contexte is None:
            return False
        return app_label in apps_du_schema(contexte.schema)
