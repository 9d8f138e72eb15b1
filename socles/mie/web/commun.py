"""What the small forms of this site share."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from plateforme.web.annonces import annoncer

SUIVRE, DESIGNER = "mie.carte.suivre", "mie.administrateur.designer"


def retour(request: HttpRequest, phrase: str, nom: str) -> HttpResponse:
    annoncer(request, phrase)
    return HttpResponseRedirect(reverse(nom))


def page(parent: str, libelle: str, titre: str, sous_titre: str = "") -> dict[str, Any]:
    return {"parent": reverse(parent), "libelle_parent": libelle, "titre": titre, "sous_titre": sous_titre}
