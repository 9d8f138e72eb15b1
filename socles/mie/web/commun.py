"""What the small forms of this site share."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from plateforme.web.annonces import annoncer

SUIVRE, DESIGNER = "mie.carte.suivre", "mie.administrateur.designer"


def saisie(request: HttpRequest) -> QueryDict | None:
    """What was sent, even when it is nothing: a form sent empty is refused, not shown as new."""
    return request.POST if request.method == "POST" else None


def fichiers(request: HttpRequest) -> "MultiValueDict[str, UploadedFile[Any]] | None":
    """The files of a form that was sent; without form, None: an empty set would be one."""
    return request.FILES if request.method == "POST" else None


def retour(request: HttpRequest, phrase: str, nom: str) -> HttpResponse:
    annoncer(request, phrase)
    return HttpResponseRedirect(reverse(nom))


def page(parent: str, libelle: str, titre: str, sous_titre: str = "") -> dict[str, Any]:
    return {"parent": reverse(parent), "libelle_parent": libelle, "titre": titre, "sous_titre": sous_titre}
