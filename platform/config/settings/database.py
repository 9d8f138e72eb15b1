"""Two aliases on one database: ``default`` is what people's requests run as, ``ddl`` owns the schemas."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from config.settings import env

MOTEUR = "plateforme.tenancy.backend"


def base_de(url: str, **autres: Any) -> dict[str, Any]:
    """Django settings of ``postgres://user:password@host:port/name?host=/socket/folder``."""
    parties = urlsplit(url)
    options = dict(parse_qsl(parties.query))
    hote = options.pop("host", parties.hostname or "")
    port = options.pop("port", str(parties.port or ""))
    return {
        "ENGINE": MOTEUR,
        "NAME": unquote(parties.path.lstrip("/")),
        "USER": unquote(parties.username or ""),
        "PASSWORD": unquote(parties.password or ""),
        "HOST": hote,
        "PORT": port,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 120,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"connect_timeout": 5, **options},
        **autres,
    }


DATABASE_URL = env.texte(
    "DATABASE_URL", "postgres://treille_app@localhost/treille", usage="base, rôle d’exécution", secrete=True
)
DATABASE_DDL_URL = env.texte(
    "DATABASE_DDL_URL", DATABASE_URL, usage="base, rôle propriétaire des schémas", secrete=True
)

DATABASES = {
    "default": base_de(DATABASE_URL),
    "ddl": base_de(DATABASE_DDL_URL, CONN_MAX_AGE=0),
}
DATABASE_ROUTERS = ["plateforme.tenancy.routeur.RouteurDesSchemas"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A backend keeps about 33 kB of catalogue cache per (schema × table touched): past this many schemas the
# connection is closed at the end of the request, and the memory goes back to the machine.
TENANCY_SCHEMAS_PAR_CONNEXION = env.entier(
    "TREILLE_SCHEMAS_PAR_CONNEXION", 100, usage="structures vues par une connexion avant son recyclage"
)
# Seconds a resolved host is trusted by a process before the directory is asked again.
TENANCY_CACHE_SECONDES = env.entier(
    "TREILLE_CACHE_STRUCTURES", 30, usage="secondes de cache du répertoire des structures"
)
