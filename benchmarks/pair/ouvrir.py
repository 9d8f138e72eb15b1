"""What django-tenants does when a tenant is created: the schema, then every migration in it. Durations in ms."""

import json
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402


def main() -> None:
    durees = []
    for n in range(3):
        schema = f"t_pair{n}"
        debut = time.perf_counter()
        with connection.cursor() as curseur:
            curseur.execute(f'CREATE SCHEMA "{schema}"')
        call_command(
            "migrate_schemas",
            tenant=True,
            schema_name=schema,
            interactive=False,
            verbosity=0,
            skip_checks=True,
        )
        durees.append((time.perf_counter() - debut) * 1000)
        connection.set_schema_to_public()
        with connection.cursor() as curseur:
            curseur.execute(f'DROP SCHEMA "{schema}" CASCADE')
    print(json.dumps({"durees": durees}))


if __name__ == "__main__":
    main()
