"""Domain events: facts in the past tense, handed to their subscribers in the same process after the commit.

For what must survive a crash, publish to the outbox instead (``plateforme.outbox``).
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from plateforme.tenancy.courant import exiger_courant, lier

logger = logging.getLogger(__name__)

Fait = TypeVar("Fait")
_abonnes: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def abonner(fait: type[Fait], traiter: Callable[[Fait], None]) -> None:
    """Call ``traiter`` after each committed ``fait``. Registered in ``apps.ready()``; twice is once."""
    if traiter not in _abonnes[fait]:
        _abonnes[fait].append(traiter)


def annoncer(fait: object) -> None:
    """Tell subscribers once the transaction is committed; nothing is told of a transaction that fails."""
    contexte = exiger_courant()

    def diffuser() -> None:
        with lier(contexte, epingler=False):
            for traiter in _abonnes[type(fait)]:
                traiter(fait)

    transaction.on_commit(diffuser, robust=True)
