"""Error pages. They say what happened and what to do, and depend on nothing that may be broken."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse

from plateforme.core.errors import ErreurMetier

# No I, L, O, 0, 1: it is read aloud on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

TITRES = {
    400: "Cette demande n’a pas été comprise",
    403: "Cette page ne vous est pas ouverte",
    404: "Page introuvable",
    405: "Cette action n’existe pas ici",
    409: "Cet élément a changé entre-temps",
    413: "Ce fichier est trop lourd",
    429: "Trop de demandes à la fois",
    500: "Quelque chose a échoué",
    503: "Treille revient dans un instant",
}


def reference_de(request: HttpRequest | None) -> str:
    """The head of the correlation id of the request, as the logs know it; else a random code."""
    connue = str(getattr(request, "correlation", ""))
    return connue[:8] if connue else "".join(secrets.choice(ALPHABET) for _ in range(8))


def page(
    request: HttpRequest | None,
    statut: int,
    message: str = "",
    *,
    gabarit: str = "",
    titre: str = "",
    liens: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The page of ``statut``; ``message`` replaces its explanation. htmx gets the sentence alone (a toast).

    Rendered without the request: no context processor, no query, whatever has just failed.
    """
    reference = reference_de(request)
    titre = titre or TITRES.get(statut, TITRES[500])
    if request is not None and request.headers.get("HX-Request"):
        texte = message or f"{titre}. Référence : {reference}."
        return HttpResponse(texte, status=statut, content_type="text/plain; charset=utf-8")
    connu = statut if statut in TITRES else 500
    contexte = {
        "statut": statut,
        "titre": titre,
        "message": message,
        "reference": reference,
        "chemin": request.path if request is not None and request.method == "GET" else "/",
        "theme_page": _theme(request),
        "liens": liens,
    }
    corps = get_template(f"plateforme/erreurs/{gabarit or connu}.html").render(contexte)
    return HttpResponse(corps, status=statut)


def _theme(request: HttpRequest | None) -> str:
    """The person's theme if their account is already loaded; never loads it."""
    compte = getattr(request, "_cached_user", None)
    return getattr(compte, "theme", "auto")


def depuis(request: HttpRequest, erreur: ErreurMetier) -> HttpResponse:
    """The page of a business refusal that no view turned into something better."""
    titre = "" if erreur.statut in TITRES else "Cette action est refusée"
    gabarit = "" if erreur.statut in TITRES else "400"
    liens = [(libelle, reverse(nom, args=arguments)) for libelle, nom, arguments in erreur.liens]
    return page(request, erreur.statut, erreur.message, titre=titre, gabarit=gabarit, liens=liens)


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``PermissionDenied`` carries the French reason of the decision."""
    return page(request, 403, str(exception) if isinstance(exception, PermissionDenied) else "")


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def handler500(request: HttpRequest, *_args: Any) -> HttpResponse:
    return page(request, 500)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open longer than its secret lived, or the form came from elsewhere."""
    return page(request, 403, gabarit="csrf", titre="L’envoi a expiré")


class PagesDErreur:
    """Middleware: a business refusal becomes its page, an empty 405 too. APIs answer for themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):  # nobody types it, no text of the base can hold it
            return page(request, 400)
        reponse = self.get_response(request)
        if reponse.status_code == 405 and not reponse.content and not request.path.startswith("/api/"):
            remplacee = page(request, 405)
            remplacee["Allow"] = reponse["Allow"]
            return remplacee
        return reponse

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return depuis(request, exception) if isinstance(exception, ErreurMetier) else None
