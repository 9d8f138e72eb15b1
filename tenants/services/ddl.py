"""Raw connection of the owner of schemas: for what Django's ORM does not do. Never used while serving a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

GROUPE = "treille_structures"
SCHEMA_MODELE = "t_modele"


def role_d_execution() -> str:
    """Login role of the web and the workers; it becomes a structure's role, one at a time."""
    role: str = settings.DATABASES["default"]["USER"]
    return role


@contextmanager
def connexion_ddl(*, autocommit: bool = True) -> Iterator["psycopg.Connection[Any]"]:
    """A fresh connection as the owner, closed at the end."""
    base = settings.DATABASES["ddl"]
    parametres = {
        "dbname": connections["ddl"].settings_dict["NAME"],
        "user": base["USER"],
        "password": base["PASSWORD"],
        "host": base["HOST"],
        "port": str(base["PORT"]),
    }
    connexion = psycopg.connect(
        **{cle: valeur for cle, valeur in parametres.items() if valeur},
        autocommit=autocommit,
        connect_timeout=5,
    )
    try:
        yield connexion
    finally:
        connexion.close()
