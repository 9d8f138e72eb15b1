"""Public data: programmes and thresholds, the regional directory. The operator edits, with history."""

import re
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import porter, repondre
from tenants.projet import queries
from tenants.projet.models import ContactRegional, Programme, Region, Seuil
from tenants.projet.rules.programmes import Statut
from tenants.projet.services import referentiel as services
from tenants.projet.web import forms
from tenants.queries import grappes_et_membres

_JOUR = re.compile(r"\d{4}-\d{2}-\d{2}")
STATUTS = {
    Statut.OUVERT: ("ok", "check", "ouvert"),
    Statut.A_VENIR: ("info", "hourglass", "à venir"),
    Statut.INSTALLATION: ("attention", "wrench", "commandes closes"),
    Statut.CLOS: ("", "lock", "clos"),
    Statut.A_CONFIRMER: ("attention", "circle-question-mark", "à confirmer"),
}


@acces("projet.referentiel.tenir")
@require_GET
def programmes(request: HttpRequest) -> HttpResponse:
    jour = today()
    lignes = [
        (p, _finance(p), regle.phrase(jour), *STATUTS[regle.statut(jour)])
        for p in Programme.objects.all()
        for regle in (queries.en_regle(p),)
    ]
    contexte = {
        "lignes": lignes,
        "seuils": Seuil.objects.all(),
        "jour": jour,
        "grappes": grappes_et_membres(),
    }
    return render(request, "projet/programmes.html", contexte)


def _finance(programme: Programme) -> str:
    return ", ".join(str(Programme.Objet(o).label) for o in programme.objets)


def _changer(request: HttpRequest, ligne: Any, form: Any, retour: str, gabarit: str) -> HttpResponse:
    # A ModelForm writes on its instance while it validates: the row in hand stays as it was read.
    if request.method == "POST" and form.is_valid():
        try:
            services.changer(request.user, ligne, form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "C’est enregistré, avec l’ancienne valeur.")
            return HttpResponseRedirect(reverse(retour))
    contexte = {"ligne": ligne, "revisions": _dire(ligne)}
    return repondre(request, gabarit, contexte, form)


def _dire(ligne: Any) -> list[dict[str, Any]]:
    """Revisions with the labels of their fields."""
    libelles = {champ.name: str(champ.verbose_name) for champ in ligne._meta.fields}
    return [
        {
            "quand": r.quand,
            "auteur": r.auteur,
            "champs": [
                (libelles[c], _mot(r.avant.get(c)), _mot(r.apres.get(c))) for c in r.apres if c in libelles
            ],
        }
        for r in services.revisions(ligne)[:50]
    ]


def _mot(valeur: Any) -> str:
    if isinstance(valeur, list):
        return ", ".join(map(str, valeur))
    if valeur in (None, ""):
        return "vide"
    texte = str(valeur)
    return f"{texte[8:]}/{texte[5:7]}/{texte[:4]}" if _JOUR.fullmatch(texte) else texte


@acces("projet.referentiel.tenir")
@require_http_methods(["GET", "POST"])
def programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    ligne = get_object_or_404(Programme, pk=programme_id)
    form = forms.ChangerProgramme(
        request.POST or None, instance=get_object_or_404(Programme, pk=programme_id)
    )
    return _changer(request, ligne, form, "programmes", "projet/programme.html")


@acces("projet.referentiel.tenir")
@require_http_methods(["GET", "POST"])
def seuil(request: HttpRequest, seuil_id: UUID) -> HttpResponse:
    ligne = get_object_or_404(Seuil, pk=seuil_id)
    form = forms.ChangerSeuil(request.POST or None, instance=get_object_or_404(Seuil, pk=seuil_id))
    return _changer(request, ligne, form, "programmes", "projet/seuil.html")


@acces("projet.referentiel.tenir")
@require_http_methods(["GET", "POST"])
def decrire(request: HttpRequest, quoi: str) -> HttpResponse:
    """A new programme, or a threshold from a new day on."""
    classe, modele, titre = _NOUVEAUX.get(quoi, (None, None, ""))
    if classe is None:
        raise Http404
    form: Any = classe(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.creer(request.user, modele, form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "C’est enregistré.")
            return HttpResponseRedirect(reverse("programmes"))
    return repondre(request, "projet/decrire.html", {"titre_page": titre}, form)


_NOUVEAUX: dict[str, tuple[Any, Any, str]] = {
    "programme": (forms.DecrireUnProgramme, Programme, "Décrire un programme"),
    "seuil": (forms.DaterUnSeuil, Seuil, "Dater un nouveau seuil"),
}


@acces("projet.annuaire.voir")
@require_GET
def annuaire(request: HttpRequest) -> HttpResponse:
    """Region by region; ``?region=`` keeps one."""
    choisie = request.GET.get("region", "")
    regions = list(Region.objects.all())
    if choisie not in {r.code for r in regions}:
        choisie = ""
    contacts: dict[str, list[tuple[ContactRegional, bool]]] = {}
    for c in queries.annuaire([choisie] if choisie else None):
        contacts.setdefault(c.region.nom, []).append((c, c.a_confirmer(today())))
    return render(
        request,
        "projet/annuaire.html",
        {
            "regions": regions,
            "choisie": choisie,
            "contacts": list(contacts.items()),
            "tient": peut(request.user, "projet.referentiel.tenir"),
        },
    )


@acces("projet.referentiel.tenir")
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    ligne = get_object_or_404(ContactRegional.objects.select_related("region"), pk=contact_id)
    form = forms.ChangerContact(
        request.POST or None, instance=get_object_or_404(ContactRegional, pk=contact_id)
    )
    return _changer(request, ligne, form, "annuaire_regional", "projet/contact.html")
