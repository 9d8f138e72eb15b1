"""A worker of its own process, to be killed: ``python -m tests.reprise.travailleur <slug> <passage>``."""

import os
import sys
from uuid import UUID


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    from dossier.reprise.services import passages
    from plateforme.audit.journal import acte
    from plateforme.tenancy.courant import PUBLIC, lier
    from tenants.contexte import epingler
    from tenants.models import Structure

    with lier(PUBLIC), acte("tache:essai"):
        structure = Structure.objects.get(slug=sys.argv[1])
        with epingler(structure):
            passages.executer(UUID(sys.argv[2]))


if __name__ == "__main__":
    main()
