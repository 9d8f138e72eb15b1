"""SQL compilers that refuse to run a queryset born in another structure."""

from functools import cache
from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations

from plateforme.tenancy.courant import AutreStructure, courant

_NAISSANCE = "schema_de_naissance"


@cache
def _avec_garde(classe: Any) -> Any:
    """``classe`` with the check; every execution of a query builds its compiler, so nothing passes beside it."""

    def __init__(self: Any, query: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        naissance = getattr(query, _NAISSANCE, None)
        if naissance is not None:
            contexte = courant()
            if contexte is None or contexte.schema != naissance:
                raise AutreStructure(naissance, contexte.schema if contexte else None)
        classe.__init__(self, query, *args, **kwargs)

    return type(classe.__name__, (classe,), {"__init__": __init__})


class Operations(DatabaseOperations):
    def compiler(self, compiler_name: str) -> Any:
        classe: Any = super().compiler(compiler_name)
        return _avec_garde(classe)
