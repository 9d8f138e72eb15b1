"""Around each request: who acts, what was read; the trace is written before the answer leaves, or there is no answer."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse

from plateforme.audit.journal import ACTION, acte, noter, noter_lecture
from plateforme.audit.lectures import LUS
from plateforme.core.clock import now
from plateforme.habilitations.exceptions import bris_ouverts
from plateforme.habilitations.roles import SUPPORT
from plateforme.tenancy.courant import courant

logger = logging.getLogger(__name__)
# An answer of these kinds may show what was read; the others (redirections, refusals) show nothing.
_MONTRENT = frozenset({200, 201, 206, 409, 422})
_LISENT = frozenset({"GET", "HEAD", "OPTIONS"})
_REDITE_SECONDES = 15 * 60


class Journal:
    """Inside authentication, outside the rights: it knows the account, and hears of refusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if courant() is None:
            return self.get_response(request)
        jeton, jeton_action = LUS.set(set()), ACTION.set("")
        origine = "api" if request.path.startswith("/api/") else "web"
        try:
            role = _role(request)
            with acte(origine, role=role, mode="support" if role == SUPPORT else "normal"):
                reponse = self.get_response(request)
                self._tracer(request, reponse)
                connection.ecrire_avant_commit()  # type: ignore[attr-defined]
            return reponse
        finally:
            ACTION.reset(jeton_action)
            LUS.reset(jeton)

    def _tracer(self, request: HttpRequest, reponse: HttpResponse) -> None:
        lus, code = LUS.get(), ACTION.get()
        if code and _role(request) == SUPPORT:
            # Every page, shown or refused, with or without somebody on it.
            noter_lecture(code, sorted(lus or ()))
            return
        contexte = courant()
        if contexte is not None and not contexte.est_une_structure:
            # The network holds no usager: what its people do is said by their acts.
            if code and request.method not in _LISENT and reponse.status_code < 400:
                noter(code)
            return
        if not lus or not code or reponse.status_code not in _MONTRENT:
            return
        if request.headers.get("X-Rafraichissement") and _deja_dit(request, code, lus):
            return
        exceptionnels = lus & set(_bris(request))
        if exceptionnels:
            noter_lecture(code, sorted(exceptionnels), mode="bris")
        if lus - exceptionnels:
            noter_lecture(code, sorted(lus - exceptionnels))


def _role(request: HttpRequest) -> str:
    """Read from the session only where there is one: an anonymous page costs no query."""
    utilisateur: Any = getattr(request, "user", None)
    if getattr(request, "acteur_id", None) is None:
        return ""
    return str(getattr(utilisateur, "role", ""))


def _bris(request: HttpRequest) -> list[UUID]:
    """Dossiers this account holds open by break-glass, as it carries them."""
    utilisateur: Any = getattr(request, "user", None)
    return bris_ouverts(utilisateur, now()) if hasattr(utilisateur, "bris") else []


def _deja_dit(request: HttpRequest, code: str, lus: set[UUID]) -> bool:
    """A page that refreshes itself shows the same people every 30 s: said once a quarter of an hour.

    Without Redis, every refresh is written: the journal never loses by a fault.
    """
    forme = hashlib.sha256(b"".join(sorted(cle.bytes for cle in lus))).hexdigest()
    cle = f"audit:redite:{request.session.session_key}:{code}:{forme}"
    try:
        return not cache.add(cle, 1, timeout=_REDITE_SECONDES)
    except Exception:  # noqa: BLE001 - the cache is a convenience
        logger.warning("cache injoignable")
        return False
