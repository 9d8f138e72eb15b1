"""Run django-tenants' standard executor on the schemas given, one pending AddField each; print the durations (ms)."""

import json
import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402
from django_tenants.migration_executors.base import run_migrations  # noqa: E402


def preparer(schema: str) -> None:
    """Stock django-tenants keeps its bookkeeping in each schema: give it the template's, all applied."""
    with connection.cursor() as curseur:
        curseur.execute(
            f'CREATE TABLE IF NOT EXISTS "{schema}".django_migrations (LIKE t_modele.django_migrations INCLUDING ALL)'
        )
        curseur.execute(
            f'INSERT INTO "{schema}".django_migrations (app, name, applied) SELECT app, name, applied FROM t_modele.django_migrations'
        )


def main() -> None:
    durees = []
    for schema in sys.argv[1:]:
        preparer(schema)
        debut = time.perf_counter()
        run_migrations([], {"verbosity": 0, "database": "default", "interactive": False, "skip_checks": True, "run_syncdb": False,
                            "app_label": None, "migration_name": None, "fake": False, "fake_initial": False, "plan": False,
                            "check_unapplied": False, "prune": False, "traceback": False, "no_color": True, "force_color": False,
                            "stdout": None, "stderr": None, "settings": None, "pythonpath": None}, "standard", schema, allow_atomic=True)  # fmt: skip
        durees.append((time.perf_counter() - debut) * 1000)
        with connection.cursor() as curseur:
            curseur.execute(f'SELECT couleur FROM "{schema}".dossier_proche')
    print(json.dumps({"durees": durees}))


if __name__ == "__main__":
    main()
