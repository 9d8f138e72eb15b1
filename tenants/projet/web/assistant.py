"""The guide's decision tree, one question a page: it works with the keyboard alone and without JavaScript."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme import pdf
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import Formulaire, porter, repondre
from tenants.projet.models import ParcoursAssistant
from tenants.projet.rules.arbre import Question
from tenants.projet.services import assistant as services

GABARIT = Path(__file__).resolve().parents[1] / "pdf" / "assistant.typ"
RADIOS_MAX = 6


class Reponse(Formulaire, forms.Form):
    """The one field of a question: few choices are radio buttons, many a list, none a number."""

    def __init__(self, question: Question, *args: Any) -> None:
        super().__init__(*args)
        commun: dict[str, Any] = {
            "label": question.intitule,
            "help_text": question.aide,
            "error_messages": {"required": "Choisissez une réponse pour continuer."},
        }
        champ: forms.Field
        if not question.choix:
            champ = forms.CharField(
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **commun
            )
            champ.error_messages["required"] = "Écrivez un nombre pour continuer."
        elif len(question.choix) <= RADIOS_MAX:
            champ = forms.ChoiceField(choices=question.choix, widget=forms.RadioSelect, **commun)
        else:
            champ = forms.ChoiceField(choices=[("", "Choisir"), *question.choix], **commun)
        self.fields["reponse"] = champ


@acces("projet.assistant.suivre")
@require_http_methods(["GET", "POST"])
def assistant(request: HttpRequest) -> HttpResponse:
    """What was asked before, and a new start."""
    if request.method == "POST":
        parcours = services.commencer(request.user)
        return HttpResponseRedirect(reverse("assistant_question", args=[parcours.pk]))
    qui: Any = request.user
    siens = ParcoursAssistant.objects.filter(auteur_id=qui.pk)
    if grappe_id := qui.grappe_id:
        siens = siens | ParcoursAssistant.objects.filter(grappe_id=grappe_id)
    return render(request, "projet/assistant.html", {"parcours": siens.order_by("-cree_a")[:30]})


@acces("projet.assistant.suivre")
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, parcours_id: UUID) -> HttpResponse:
    parcours = services.le_sien(request.user, parcours_id)
    if parcours.termine_a is not None:
        return render(request, "projet/assistant_fin.html", {"parcours": parcours, "fin": parcours.resultat})
    pas = services.pas(parcours)
    etape = pas.suite
    assert isinstance(etape, Question)  # the last answer closes the way
    form = Reponse(etape, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.repondre(
                request.user, parcours_id, request.POST.get("question", ""), form.cleaned_data["reponse"]
            )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            return HttpResponseRedirect(reverse("assistant_question", args=[parcours_id]))
    contexte = {
        "parcours": parcours,
        "question": etape,
        "fil": [(q.intitule, q.dire(r)) for q, r in pas.chemin],
    }
    return repondre(request, "projet/assistant_question.html", contexte, form)


@acces("projet.assistant.suivre")
@require_POST
def revenir(request: HttpRequest, parcours_id: UUID) -> HttpResponse:
    services.revenir(request.user, parcours_id)
    return HttpResponseRedirect(reverse("assistant_question", args=[parcours_id]))


@acces("projet.assistant.suivre")
@require_GET
def papier(request: HttpRequest, parcours_id: UUID) -> HttpResponse:
    parcours = services.le_sien(request.user, parcours_id)
    if parcours.resultat is None:
        return HttpResponseRedirect(reverse("assistant_question", args=[parcours_id]))
    emetteur = parcours.grappe.nom if parcours.grappe else "Réseau Treille"
    octets = pdf.composer(GABARIT, {"fin": parcours.resultat, "emetteur": emetteur})
    return fichier(octets, "application/pdf", f"financement-{parcours.termine_a:%Y-%m-%d}.pdf")
