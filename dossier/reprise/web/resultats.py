"""After a dry run: sectors to place, duplicates to decide, refused lines to take away, then the import."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_POST

from dossier.reprise import queries, registre
from dossier.reprise.models import Ligne
from dossier.reprise.services import decisions, depot, integration
from dossier.reprise.services import rapport as rapports
from dossier.reprise.web.communs import VOIR, fiches, revenir, tenter
from dossier.reprise.web.suivi import montrer_un_doublon
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces


@acces(depot.PREPARER)
@require_POST
def secteurs(request: HttpRequest, cle: UUID) -> HttpResponse:
    choix = {
        nom.removeprefix("secteur_"): str(valeur)
        for nom, valeur in request.POST.items()
        if nom.startswith("secteur_") and valeur
    }
    return tenter(request, cle, lambda: depot.placer_les_secteurs(request.user, cle, choix))


@acces(depot.PREPARER)
@require_POST
def decision(request: HttpRequest, cle: UUID, ligne: UUID) -> HttpResponse:
    """One duplicate; with htmx, its card alone comes back, and may be changed until the import."""
    choix = request.POST.get("choix", "")
    refus = ""
    try:
        decidee = decisions.decider(request.user, cle, ligne, choix)
    except ErreurMetier as erreur:
        if erreur.statut == 404 or not request.headers.get("HX-Request"):
            if erreur.statut == 404:
                raise
            return revenir(request, cle, erreur.message)
        refus = erreur.message
        decidee = Ligne.objects.get(pk=ligne, reprise_id=cle)
    if not request.headers.get("HX-Request"):
        return revenir(request, cle)
    sujet = queries.reprise(request.user, cle)
    connues = fiches(request, registre.genre(sujet.genre), [decidee.doublon.get("objet")])
    contexte: dict[str, Any] = {
        "sujet": sujet,
        "l": montrer_un_doublon(sujet, decidee, connues, sien=sujet.depose_par_id == request.user.pk),
        "refus": refus,
        "reste": decisions.restent_a_decider(cle),
        "partiel": True,
    }
    reponse = render(request, "reprise/_doublon.html", contexte)
    if not contexte["reste"] and not refus:
        reponse["HX-Refresh"] = "true"  # the import opens
    return reponse


@acces(VOIR)
@require_GET
def rapport(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Refused lines, to be mended and sent again."""
    try:
        octets = rapports.refusees(request.user, cle)
    except ErreurMetier as refus:
        if refus.statut == 404:
            raise
        return revenir(request, cle, refus.message)
    reponse = HttpResponse(octets, content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = 'attachment; filename="lignes-refusees.csv"'
    add_never_cache_headers(reponse)
    return reponse


@acces(integration.IMPORTER)
@require_POST
def importer(request: HttpRequest, cle: UUID) -> HttpResponse:
    return tenter(request, cle, lambda: integration.importer(request.user, cle))
