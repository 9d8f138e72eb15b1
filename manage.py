#!/usr/bin/env python
"""Django's commands, run in the public schema unless a command enters a structure."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from config import celery  # noqa: F401 - tasks sent from a command must know our broker
    from plateforme.audit.journal import acte
    from plateforme.tenancy.courant import PUBLIC, lier

    with lier(PUBLIC), acte(f"commande:{sys.argv[1] if len(sys.argv) > 1 else 'aide'}"[:60]):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
