"""Around each request: a correlation number, the actor, one log line, and no cache for what is personal."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from plateforme.observability.contexte import tracer
from plateforme.tenancy.courant import courant

logger = logging.getLogger("treille.requete")
_CORRELATION = re.compile(r"[0-9a-zA-Z-]{8,64}")
_MUETTES = ("/static/", "/livez", "/readyz", "/metrics")

Suite = Callable[[HttpRequest], HttpResponse]


class Correlation:
    """Outermost: gives the request its number, times it, logs its route (never its path: it may hold an id)."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        recue = request.headers.get("X-Request-ID", "")
        correlation = recue if _CORRELATION.fullmatch(recue) else secrets.token_hex(8)
        request.correlation = correlation  # type: ignore[attr-defined]
        debut = time.perf_counter()
        with tracer(correlation=correlation):
            reponse = self.get_response(request)
            reponse["X-Request-ID"] = correlation
            if not request.path.startswith(_MUETTES):
                route = request.resolver_match.route if request.resolver_match else "-"
                # The structure is no longer bound out here: the request remembers it.
                structure = getattr(request, "structure", None)
                logger.info(
                    "requete",
                    extra={
                        "methode": request.method,
                        "route": route,
                        "statut": reponse.status_code,
                        "duree_ms": round((time.perf_counter() - debut) * 1000, 1),
                        "structure": str(structure.structure_id) if structure else "-",
                        "acteur": getattr(request, "acteur_id", "-"),
                    },
                )
        return reponse


class Acteur:
    """Innermost of the identity ones: names the account in the trace, forbids caches for signed-in answers."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Reading the cookie first keeps an anonymous request free of any query; a probe is nobody's, cookie or not.
        connecte = (
            courant() is not None
            and not request.path.startswith(_MUETTES)
            and settings.SESSION_COOKIE_NAME in request.COOKIES
            and request.user.is_authenticated
        )
        if connecte:
            request.acteur_id = str(request.user.pk)  # type: ignore[attr-defined]
            with tracer(acteur_id=request.user.pk):
                reponse = self.get_response(request)
        else:
            reponse = self.get_response(request)
        if "Cache-Control" not in reponse and not request.path.startswith("/static/"):
            reponse["Cache-Control"] = "no-store"
        return reponse
