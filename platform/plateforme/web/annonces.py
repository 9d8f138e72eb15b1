"""Short sentences told once: they wait in the session, or ride a header of an htmx answer."""

import json

from django.http import HttpRequest, HttpResponse

CLE = "annonces"


def annoncer(request: HttpRequest, texte: str) -> None:
    """Say ``texte`` on the next full page. No name, no health data: it is stored in the session."""
    request.session[CLE] = [*request.session.get(CLE, []), texte]


def retirer(request: HttpRequest) -> list[str]:
    """What waits, once."""
    session = getattr(request, "session", None)
    if session is None or CLE not in session:
        return []
    textes: list[str] = session.pop(CLE)
    return textes


def avec_annonce(reponse: HttpResponse, texte: str, *, annuler: str = "") -> HttpResponse:
    """Same for an htmx answer. ``annuler``: an address to POST, offered for ten seconds as « Annuler »."""
    reponse["HX-Trigger"] = json.dumps({"annonce": {"texte": texte, "annuler": annuler}})
    return reponse
