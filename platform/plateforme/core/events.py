"""Domain events: facts in the past tense, handed to their subscribers in the same process after the commit.

For what must survive a crash, publish to the outbox instead (``plateforme.outbox``).
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from plateforme.tenancy.courant import epingle, exiger_courant, lier

logger = logging.getLogger(__name__)

Fait = TypeVar("Fait")
_abonnes: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def abonner(fait: type[Fait], traiter: Callable[[Fait], None]) -> None:
    """Call ``traiter`` after each committed ``fait``. Registered in ``apps.ready()``; twice is once."""
    if traiter not in _abonnes[fait]:
        _abonnes[fait].append(traiter)


def annoncer(fait: object) -> None:
    """Tell subscribers once the transaction is committed; nothing is told of a transaction that fails.

    They run where the fact was told, path and role, even if the commit comes later and elsewhere. One that fails is
    logged and does not silence the others.
    """
    contexte = exiger_courant()
    # A role of another structure is not given: PostgreSQL must go on refusing.
    epingler = epingle() == contexte

    def diffuser() -> None:
        with lier(contexte, epingler=epingler):
            for traiter in _abonnes.get(type(fait), ()):
                try:
                    traiter(fait)
                except Exception as erreur:
                    logger.exception(
                        "abonné en échec",
                        extra={"genre": type(fait).__name__, "exception": type(erreur).__name__},
                    )

    transaction.on_commit(diffuser)
