"""The porteur follows the opening of the list they gave, and nobody else's works."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from plateforme.habilitations.acces import acces
from plateforme.reseau.models import Travail


def _sien(request: HttpRequest, travail_id: UUID) -> Travail:
    grappe_id = getattr(request.user, "grappe_id", None)
    sujet = Travail.objects.filter(pk=travail_id, genre="ouvertures").first()
    if sujet is None or grappe_id is None or sujet.demande.get("grappe") != str(grappe_id):
        raise Http404
    return sujet


def _contexte(sujet: Travail) -> dict[str, Any]:
    return {
        "travail": sujet,
        "url_suivi": reverse("deploiement_travail_suivi", args=[sujet.pk]),
        "url_resultat": reverse("ma_grappe"),
    }


@acces("deploiement.membre.inscrire")
@require_GET
def travail(request: HttpRequest, travail_id: UUID) -> HttpResponse:
    return render(request, "deploiement/travail.html", _contexte(_sien(request, travail_id)))


@acces("deploiement.membre.inscrire")
@require_GET
def suivre(request: HttpRequest, travail_id: UUID) -> HttpResponse:
    sujet = _sien(request, travail_id)
    reponse = render(request, "plateforme/_travail.html", _contexte(sujet))
    if sujet.est_termine:
        reponse["HX-Refresh"] = "true"
    return reponse
