"""What refuses an API request before its operation (routing, method, structure) answers like an operation."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from plateforme.api.problemes import probleme

_PHRASES = {
    400: ("plateforme.demande.illisible", "La demande est illisible."),
    404: ("plateforme.adresse.introuvable", "Cette adresse n’existe pas dans l’API de cette structure."),
    405: ("plateforme.methode.refusee", "Cette adresse ne connaît pas cette méthode HTTP."),
    503: ("plateforme.structure.suspendue", "Cette structure est suspendue ou momentanément fermée."),
}
_AUTRE = ("plateforme.demande.refusee", "La demande est refusée.")


class RefusEnProbleme:
    """Turns a refusal that is not yet ``application/problem+json`` into one; the rest goes through untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        if reponse.status_code < 400 or not request.path.startswith("/api/"):
            return reponse
        if reponse.headers.get("Content-Type", "").startswith("application/problem+json"):
            return reponse
        nouvelle = probleme(reponse.status_code, *_PHRASES.get(reponse.status_code, _AUTRE))
        if "Allow" in reponse:
            nouvelle["Allow"] = reponse["Allow"]
        return nouvelle
