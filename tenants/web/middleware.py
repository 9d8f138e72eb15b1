"""Routing: the host says whose request it is, nothing else does. Binds path and role, and unbinds whatever happens."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from plateforme.tenancy.courant import PUBLIC, lier
from tenants import repertoire
from tenants.models import EtatStructure

_SANS_BASE = ("/livez", "/readyz", "/static/")


class Aiguillage:
    """Public host → directory and network pages; a structure's host → its schema and role; anything else → 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.structure = None  # type: ignore[attr-defined]
        if request.path.startswith(_SANS_BASE):
            return self.get_response(request)
        hote = request.get_host().rsplit(":", 1)[0].lower().rstrip(".")
        if hote in (settings.TREILLE_DOMAINE, "127.0.0.1"):
            with lier(PUBLIC):
                return self.get_response(request)
        contexte = repertoire.par_hote(hote)
        if contexte is None:
            return render(request, "plateforme/erreurs/structure_inconnue.html", status=404)
        if contexte.etat == EtatStructure.SUSPENDUE:
            pourquoi = {"nom": contexte.nom, "motif": repertoire.motif_de_suspension(contexte.structure_id)}
            return render(request, "plateforme/erreurs/structure_suspendue.html", pourquoi, status=503)
        request.structure = contexte  # type: ignore[attr-defined]
        request.urlconf = settings.URLCONF_STRUCTURE
        with lier(contexte):
            if contexte.fuseau == settings.TIME_ZONE:
                return self.get_response(request)
            with timezone.override(ZoneInfo(contexte.fuseau)):
                return self.get_response(request)
