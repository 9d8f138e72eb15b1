"""Private memory of a PostgreSQL backend that serves one structure after another, as the web does; prints its maximum."""

import json
from pathlib import Path

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from plateforme.tenancy.courant import PUBLIC, Contexte, lier  # noqa: E402


def memoire_mo(pid: int) -> float:
    """Anonymous resident memory of a local process, in megabytes."""
    for ligne in Path(f"/proc/{pid}/status").read_text().splitlines():
        if ligne.startswith("RssAnon:"):
            return int(ligne.split()[1]) / 1024
    return 0.0


def main() -> None:
    from tenants.models import Emplacement

    with lier(PUBLIC):
        schemas = list(Emplacement.objects.exclude(etat="supprime").values_list("schema", flat=True))
    modeles = [
        m for m in apps.get_models() if apps.get_app_config(m._meta.app_label).name in settings.TENANT_APPS
    ]
    mesures = []
    for schema in schemas:
        with lier(Contexte(schema=schema, role=schema)):
            for modele in modeles:
                modele._default_manager.first()
            mesures.append(memoire_mo(connection.connection.info.backend_pid))
        connection.close_if_unusable_or_obsolete()  # what Django does at the end of a request
    print(json.dumps({"structures": len(schemas), "max_mo": max(mesures), "fin_mo": mesures[-1]}))


if __name__ == "__main__":
    main()
