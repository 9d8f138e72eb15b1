"""Break-glass: find the person, open for a reason, close, and for the direction: judge."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.errors import ErreurMetier
from plateforme.habilitations import queries
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.habilitations.models import MotifBris, RevueBris
from plateforme.habilitations.registres import sujets
from plateforme.habilitations.services import bris as services
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter, repondre


class Recherche(Formulaire, forms.Form):
    nom = forms.CharField(label="Nom de naissance ou d’usage", max_length=100)
    prenom = forms.CharField(label="Prénom", max_length=100)
    ne_le = forms.DateField(label="Date de naissance", widget=forms.DateInput(attrs={"type": "date"}))


class Ouverture(Formulaire, forms.Form):
    motif = forms.ChoiceField(
        label="Motif",
        choices=[(valeur, libelle.capitalize()) for valeur, libelle in MotifBris.choices],
        widget=forms.RadioSelect,
    )
    explication = forms.CharField(
        label="Que se passe-t-il\u00a0?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lu par la direction, le délégué à la protection des données et la personne elle-même.",
    )
    heures = forms.TypedChoiceField(
        label="Pendant",
        coerce=int,
        choices=[(h, f"{h} heure{'s' if h > 1 else ''}") for h in services.HEURES],
        initial=1,
    )


class Avis(Formulaire, forms.Form):
    verdict = forms.ChoiceField(
        label="Votre avis",
        choices=[(v, mot.capitalize()) for v, mot in RevueBris.choices if v != RevueBris.A_REVOIR],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="Pourquoi", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


@acces("habilitations.bris.ouvrir")
@require_http_methods(["GET", "POST"])
def chercher(request: HttpRequest) -> HttpResponse:
    """The exact identity, or nobody: this page is no directory."""
    form = Recherche(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lus: dict[str, Any] = form.cleaned_data
        ne_le: date = lus["ne_le"]
        trouve = sujets().retrouver(lus["nom"], lus["prenom"], ne_le)
        if trouve is not None:
            return HttpResponseRedirect(reverse("bris_ouvrir", args=[trouve]))
        form.add_error(None, "Personne ne porte exactement ces nom, prénom et date de naissance.")
    return repondre(request, "habilitations/bris_chercher.html", {}, form)


@acces("habilitations.bris.ouvrir")
@require_http_methods(["GET", "POST"])
def ouvrir(request: HttpRequest, cle: UUID) -> HttpResponse:
    sujet = services.sujet_de(request.user, cle)
    form = Ouverture(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ouvrir(request.user, cle, **form.cleaned_data)
        except services.BrisRefuse as refus:
            porter(form, refus)
        else:
            annoncer(
                request,
                "L’accès est ouvert. La direction et le délégué à la protection des données sont prévenus.",
            )
            return HttpResponseRedirect(sujets().adresse(cle))
    return repondre(request, "habilitations/bris_ouvrir.html", {"sujet": sujet}, form)


@acces("habilitations.bris.ouvrir")
@require_POST
def refermer(request: HttpRequest, cle: UUID) -> HttpResponse:
    services.refermer(request.user, cle)
    annoncer(request, "L’accès exceptionnel est refermé.")
    return HttpResponseRedirect("/")


@acces("habilitations.bris.voir")
@require_GET
def registre(request: HttpRequest) -> HttpResponse:
    contexte = {
        "a_revoir": queries.bris_recents(request.user, a_revoir=True),
        "revus": queries.bris_recents(request.user, a_revoir=False),
        "peut_revoir": peut(request.user, "habilitations.bris.revoir"),
    }
    return render(request, "habilitations/bris_registre.html", contexte)


@acces("habilitations.bris.revoir")
@require_http_methods(["GET", "POST"])
def revoir(request: HttpRequest, cle: UUID) -> HttpResponse:
    vu = next((v for v in queries.bris_recents(request.user, a_revoir=True) if v.bris.pk == cle), None)
    if vu is None:
        return HttpResponseRedirect(reverse("bris_registre")) if _connu(cle) else _introuvable()
    form = Avis(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.revoir(request.user, cle, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "Votre avis est enregistré.")
            return HttpResponseRedirect(reverse("bris_registre"))
    return repondre(request, "habilitations/bris_revoir.html", {"vu": vu}, form)


def _connu(cle: UUID) -> bool:
    from plateforme.habilitations.models import BrisDeGlace

    return BrisDeGlace.objects.filter(pk=cle).exists()


def _introuvable() -> HttpResponse:
    from django.http import Http404

    raise Http404
