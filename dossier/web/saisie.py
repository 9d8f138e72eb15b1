"""An admission, a change, an exit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dossier import queries, services
from dossier.models import Usager
from dossier.web.forms import FicheUsager, Sortie, porter
from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import repondre

GABARIT = "dossier/saisie.html"


@acces("dossier.usager.creer")
@require_http_methods(["GET", "POST"])
def nouveau(request: HttpRequest) -> HttpResponse:
    form = FicheUsager(request.POST or None, acteur=request.user)
    contexte: dict[str, Any] = {"homonyme": False}
    if request.method == "POST" and form.is_valid():
        try:
            cree = services.admettre_usager(
                request.user, form.champs(), homonyme_confirme=bool(request.POST.get("homonyme_confirme"))
            )
        except services.HomonymePossible as refus:
            contexte["homonyme"] = True
            porter(form, refus)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "Le dossier est ouvert.")
            return HttpResponseRedirect(reverse("usager", args=[cree.pk]))
    return repondre(request, GABARIT, contexte, form)


@acces("dossier.usager.modifier")
@require_http_methods(["GET", "POST"])
def modifier(request: HttpRequest, cle: UUID) -> HttpResponse:
    """409 when somebody wrote meanwhile: what was typed stays, what differs is said, saving again decides."""
    usager = queries.exiger_usager(request.user, cle)
    form = FicheUsager(request.POST or None, acteur=request.user, usager=usager)
    contexte: dict[str, Any] = {"usager": usager, "vu_a": usager.modifie_a.isoformat()}
    if request.method == "POST":
        contexte["vu_a"] = request.POST.get("vu_a", "")
        if form.is_valid():
            try:
                services.modifier_usager(
                    request.user, cle, form.champs(), vu_a=_vu_a(contexte["vu_a"], usager)
                )
            except services.UsagerModifie as conflit:
                contexte |= {
                    "conflit": conflit.message,
                    "differences": _differences(form, conflit.actuel),
                    "vu_a": conflit.actuel.modifie_a.isoformat(),
                }
                return render(request, GABARIT, {**contexte, "form": form}, status=409)
            except ErreurMetier as refus:
                porter(form, refus)
            else:
                annoncer(request, "Le dossier est à jour.")
                return HttpResponseRedirect(reverse("usager", args=[cle]))
    return repondre(request, GABARIT, contexte, form)


def _vu_a(brut: str, usager: Usager) -> datetime:
    """A form without a readable mark is older than everything."""
    try:
        instant = datetime.fromisoformat(brut)
    except ValueError:
        return usager.cree_a
    return instant if instant.tzinfo else usager.cree_a


def _differences(form: FicheUsager, actuel: Usager) -> list[dict[str, str]]:
    """Fields where what was typed and what is now recorded say two things."""
    lignes = []
    for nom, recorde in FicheUsager._valeurs(actuel).items():
        if nom not in form.fields:
            continue
        saisi = form.cleaned_data.get(nom)
        saisi = getattr(saisi, "pk", saisi)
        if saisi in (recorde, None) and recorde in (saisi, "", None):
            continue
        if saisi != recorde:
            dit = str(actuel.secteur) if nom == "secteur" and actuel.secteur else _dire(recorde)
            lignes.append({"libelle": str(form.fields[nom].label), "actuel": dit})
    return lignes


def _dire(valeur: Any) -> str:
    if valeur in ("", None):
        return "vide"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return f"{valeur:%d/%m/%Y}" if hasattr(valeur, "strftime") else str(valeur)


@acces("dossier.usager.sortir")
@require_http_methods(["GET", "POST"])
def sortie(request: HttpRequest, cle: UUID) -> HttpResponse:
    usager = queries.exiger_usager(request.user, cle)
    form = Sortie(request.POST or None, initial={"sorti_le": today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.enregistrer_sortie(request.user, cle, form.cleaned_data["sorti_le"])
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "La sortie est enregistrée.")
            return HttpResponseRedirect(reverse("usager", args=[cle]))
    return repondre(request, "dossier/sortie.html", {"usager": usager}, form)


@acces("dossier.usager.sortir")
@require_POST
def retour(request: HttpRequest, cle: UUID) -> HttpResponse:
    services.annuler_sortie(request.user, cle)
    annoncer(request, "La personne est de nouveau accompagnée.")
    return HttpResponseRedirect(reverse("usager", args=[cle]))
