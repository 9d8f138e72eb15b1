"""Headers every answer carries, static files and errors included."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Suite = Callable[[HttpRequest], HttpResponse]


class EntetesDeSecurite:
    """What is not set by Django's own SecurityMiddleware. A view that is stricter keeps its own value."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        for nom, valeur in settings.ENTETES_DE_SECURITE.items():
            reponse.headers.setdefault(nom, valeur)
        return reponse
