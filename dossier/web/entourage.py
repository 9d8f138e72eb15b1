"""Tab *Entourage*: the people around, and what to know before entering."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dossier import services
from dossier.web.dossiers import contexte_usager
from dossier.web.forms import NouveauProche, NouvelleVigilance, porter
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.web.annonces import annoncer

GABARIT = "dossier/entourage.html"


def _page(request: HttpRequest, cle: UUID, **autres: Any) -> HttpResponse:
    contexte = contexte_usager(request, cle, "entourage")
    contexte |= {"form_proche": NouveauProche(), "form_vigilance": NouvelleVigilance(), **autres}
    refuse = any(getattr(form, "errors", None) for form in autres.values())
    return render(request, GABARIT, contexte, status=422 if refuse else 200)


def _retour(request: HttpRequest, cle: UUID, phrase: str) -> HttpResponse:
    annoncer(request, phrase)
    return HttpResponseRedirect(reverse("usager_entourage", args=[cle]))


@acces("dossier.usager.voir")
@require_GET
def entourage(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _page(request, cle)


@acces("dossier.usager.modifier")
@require_POST
def ajouter(request: HttpRequest, cle: UUID) -> HttpResponse:
    form = NouveauProche(request.POST)
    if form.is_valid():
        try:
            services.ajouter_proche(request.user, cle, **form.cleaned_data)
        except services.FicheRefusee as refus:
            porter(form, refus)
        else:
            return _retour(request, cle, "Le proche est ajouté.")
    return _page(request, cle, form_proche=form)


@acces("dossier.usager.modifier")
@require_POST
def retirer(request: HttpRequest, cle: UUID, proche: UUID) -> HttpResponse:
    services.retirer_proche(request.user, cle, proche)
    return _retour(request, cle, "Le proche est retiré.")


@acces("dossier.vigilance.noter")
@require_POST
def noter(request: HttpRequest, cle: UUID) -> HttpResponse:
    form = NouvelleVigilance(request.POST)
    if form.is_valid():
        try:
            services.noter_vigilance(request.user, cle, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            return _retour(request, cle, "La vigilance est notée.")
    return _page(request, cle, form_vigilance=form)


@acces("dossier.vigilance.noter")
@require_POST
def lever(request: HttpRequest, cle: UUID, vigilance: UUID) -> HttpResponse:
    services.retirer_vigilance(request.user, cle, vigilance)
    return _retour(request, cle, "La vigilance est levée.")
