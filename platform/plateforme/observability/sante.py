"""``/livez``: the process answers. ``/readyz``: it can serve."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from plateforme.habilitations.acces import acces_libre
from plateforme.tenancy.courant import PUBLIC, lier


@acces_libre
def livez(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@acces_libre
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers; Redis may be away: we serve without it, and say so."""
    etat = {"base": "ok", "cache": "ok"}
    with lier(PUBLIC):
        try:
            with connection.cursor() as curseur:
                curseur.execute("SELECT 1")
        except DatabaseError:
            etat["base"] = "absente"
        try:
            cache.get("sante")
        except Exception:  # noqa: BLE001 - whatever the client raises, the answer is the same
            etat["cache"] = "absent, service ralenti"
    return JsonResponse(etat, status=200 if etat["base"] == "ok" else 503)
