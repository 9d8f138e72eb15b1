"""Intervenants: the list, a newcomer, a week, an absence."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_http_methods

from dossier.models import Secteur
from plateforme.core.clock import now, today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import porter, repondre
from plateforme.web.jour import lire_jour
from telegestion import queries, services
from telegestion.models import Intervenant
from telegestion.rules import Etat
from telegestion.web.forms import DeclarationAbsence, NouvelIntervenant
from telegestion.web.planning import lire_uuid


def _trouver(cle: UUID) -> Intervenant:
    trouve = Intervenant.objects.select_related("secteur", "compte").filter(pk=cle).first()
    if trouve is None:
        raise Http404
    return trouve


@acces("telegestion.intervenant.voir")
@require_GET
def intervenants(request: HttpRequest) -> HttpResponse:
    texte = request.GET.get("q", "").strip()[:80]
    secteur_id = lire_uuid(request.GET.get("secteur"))
    heures = queries.minutes_de_la_semaine(today())
    lignes = [
        {"qui": i, "minutes": heures.get(i.pk, 0), "trop": heures.get(i.pk, 0) > i.minutes_semaine}
        for i in queries.intervenants(texte, secteur_id=secteur_id)
    ]
    contexte = {
        "lignes": lignes,
        "q": texte,
        "secteurs": list(Secteur.objects.all()),
        "secteur_id": secteur_id,
        "peut_creer": peut(request.user, "telegestion.intervenant.creer"),
    }
    return render(request, "telegestion/intervenants.html", contexte)


@acces("telegestion.intervenant.creer")
@require_http_methods(["GET", "POST"])
def nouveau(request: HttpRequest) -> HttpResponse:
    form = NouvelIntervenant(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            cree = services.creer_intervenant(
                request.user,
                prenom=lu["prenom"],
                nom=lu["nom"],
                metier=lu["metier"],
                telephone=lu["telephone"],
                secteur_id=lu["secteur"].pk if lu["secteur"] else None,
                minutes_semaine=lu["heures"] * 60,
                compte_id=lu["compte"].pk if lu["compte"] else None,
            )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "L’intervenant est créé.")
            return HttpResponseRedirect(reverse("intervenant", args=[cree.pk]))
    return repondre(request, "telegestion/intervenant_nouveau.html", {}, form)


@acces("telegestion.intervenant.voir")
@require_GET
def intervenant(request: HttpRequest, cle: UUID) -> HttpResponse:
    """A person and their week."""
    qui = _trouver(cle)
    jour = lire_jour(request.GET.get("jour", ""))
    lundi = jour - timedelta(days=jour.weekday())
    visites = queries.semaine_de(request.user, qui.pk, lundi)
    jours = [
        {
            "jour": le,
            "visites": [v for v in visites if localtime(v.debut).date() == le],
            "aujourdhui": le == today(),
        }
        for le in (lundi + timedelta(days=n) for n in range(7))
    ]
    contexte: dict[str, Any] = {
        "qui": qui,
        "jours": jours,
        "lundi": lundi,
        "dimanche": lundi + timedelta(days=6),
        "avant": lundi - timedelta(days=7),
        "apres": lundi + timedelta(days=7),
        "minutes": sum(v.minutes for v in visites if v.etat is not Etat.ANNULEE),
        "nombre": sum(1 for v in visites if v.etat is not Etat.ANNULEE),
        "absences": queries.absences_de(qui.pk, now()),
        "peut_absence": peut(request.user, "telegestion.absence.declarer"),
    }
    return render(request, "telegestion/intervenant.html", contexte)


@acces("telegestion.absence.declarer")
@require_http_methods(["GET", "POST"])
def absence(request: HttpRequest, cle: UUID) -> HttpResponse:
    qui = _trouver(cle)
    form = DeclarationAbsence(request.POST or None, initial={"debut": today(), "fin": today()})
    if request.method == "POST" and form.is_valid():
        debut, fin = form.bornes()
        try:
            declaree = services.declarer_absence(
                request.user, qui.pk, debut=debut, fin=fin, motif=form.cleaned_data["motif"]
            )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            n = len(declaree.liberees)
            suite = f"{n} visite{'s' if n > 1 else ''}" if n else "Aucune visite"
            annoncer(request, f"L’absence est déclarée. {suite} à pourvoir.")
            premiere = min((v.debut for v in declaree.liberees), default=debut)
            return HttpResponseRedirect(
                f"{reverse('planning')}?jour={localtime(premiere).date().isoformat()}"
            )
    return repondre(request, "telegestion/absence.html", {"qui": qui}, form)
