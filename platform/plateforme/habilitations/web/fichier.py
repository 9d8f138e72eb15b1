"""Accounts and rights in a file: out, and back in after a look at every line."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.habilitations.services import fichier as services
from plateforme.habilitations.web.onglets import onglets
from plateforme.tenancy.courant import exiger_courant
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter, repondre

OCTETS_MAX = 2**20


class Depot(Formulaire, forms.Form):
    fichier = forms.FileField(
        label="Fichier CSV",
        help_text="Colonnes identifiant, fonction, actif. Les autres colonnes ne sont pas lues.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


@acces(services.EXPORTER)
@require_GET
def accueil(request: HttpRequest) -> HttpResponse:
    contexte = {
        "onglets": onglets(request, "fichier"),
        "peut_importer": peut(request.user, services.IMPORTER),
    }
    return render(request, "habilitations/fichier.html", contexte)


@acces(services.EXPORTER)
@never_cache
@require_GET
def exporter(request: HttpRequest) -> HttpResponse:
    reponse = HttpResponse(services.exporter(request.user), content_type="text/csv; charset=utf-8")
    nom = f"comptes-{exiger_courant().slug}-{today():%Y-%m-%d}.csv"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


@acces(services.IMPORTER)
@never_cache
@require_http_methods(["GET", "POST"])
def importer(request: HttpRequest) -> HttpResponse:
    """The dry run: nothing changes here."""
    form = Depot(request.POST or None, request.FILES or None)
    contexte: dict[str, Any] = {"onglets": onglets(request, "fichier")}
    if request.method == "POST" and form.is_valid():
        try:
            contexte["essai"] = services.essayer(
                request.user, form.cleaned_data["fichier"].read(OCTETS_MAX + 1)
            )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            return render(request, "habilitations/fichier_essai.html", contexte)
    return repondre(request, "habilitations/fichier_importer.html", contexte, form)


@acces(services.IMPORTER)
@require_POST
def appliquer(request: HttpRequest) -> HttpResponse:
    nombre = services.appliquer(request.user, request.POST.get("essai", ""))
    fin = "s" if nombre > 1 else ""
    annoncer(request, f"{nombre} compte{fin} changé{fin}. Leurs sessions sont fermées.")
    return HttpResponseRedirect(reverse("droits_fichier"))
