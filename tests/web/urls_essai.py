"""The shell alone, so that these tests need no domain."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls_commun import urlpatterns as communes
from plateforme.core.errors import Conflit, ErreurMetier, Introuvable
from plateforme.habilitations.acces import acces_libre
from plateforme.identity.web import urls as identite
from plateforme.web import urls

handler400 = "plateforme.web.erreurs.handler400"
handler403 = "plateforme.web.erreurs.handler403"
handler404 = "plateforme.web.erreurs.handler404"
handler500 = "plateforme.web.erreurs.handler500"


@acces_libre
def casse(request: HttpRequest) -> HttpResponse:
    raise {
        "500": RuntimeError("secret de fabrication"),
        "403": PermissionDenied("Votre rôle ne permet pas cela."),
        "404": Introuvable(),
        "409": Conflit(),
        "422": ErreurMetier("La fin précède le début."),
    }[request.GET["statut"]]


urlpatterns = [
    *communes,
    *urls.structure,
    *identite.structure,
    path("casse", casse),
    path("planning", casse, name="essai-planning"),
]
