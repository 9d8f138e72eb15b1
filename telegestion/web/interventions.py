"""One visit: plan it, move it, cancel it, give it to somebody else."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.web.annonces import annoncer, avec_annonce
from plateforme.web.formulaires import porter, repondre
from plateforme.web.jour import lire_jour
from telegestion import queries, services
from telegestion.web import frise
from telegestion.web.forms import Horaire, Motif, NouvelleIntervention
from telegestion.web.planning import contexte_visite, lire_uuid


def _trouver(request: HttpRequest, cle: UUID) -> queries.Visite:
    vue = queries.visite(request.user, cle)
    if vue is None:
        raise Http404
    return vue


def _lire_entier(brut: str) -> int | None:
    try:
        return int(brut)
    except ValueError:
        return None


def _vers_le_planning(vue_ou_cle: queries.Visite) -> str:
    jour = localtime(vue_ou_cle.debut).date().isoformat()
    return f"{reverse('planning')}?jour={jour}&visite={vue_ou_cle.id}"


@acces("telegestion.planning.voir")
@require_GET
def intervention(request: HttpRequest, cle: UUID) -> HttpResponse:
    """For htmx the panel alone; else the planning of its day with the panel open."""
    vue = _trouver(request, cle)
    if request.headers.get("HX-Request"):
        return render(request, "telegestion/_visite.html", contexte_visite(request, vue))
    return HttpResponseRedirect(_vers_le_planning(vue))


@acces("telegestion.intervention.planifier")
@require_http_methods(["GET", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    depart = {
        "jour": lire_jour(request.GET.get("jour", "")) if request.GET.get("jour") else today(),
        "usager": lire_uuid(request.GET.get("usager")),
        "intervenant": lire_uuid(request.GET.get("intervenant")),
    }
    form = NouvelleIntervention(request.POST or None, initial=depart, acteur=request.user)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            faite = services.planifier_intervention(
                request.user,
                usager_id=lu["usager"].pk,
                debut=form.debut_instant(),
                duree_minutes=lu["duree"],
                nature=lu["nature"],
                intervenant_id=lu["intervenant"].pk if lu["intervenant"] else None,
                consigne=lu["consigne"],
                gestes=lu["gestes"].splitlines(),
            )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "La visite est planifiée.")
            return HttpResponseRedirect(_vers_le_planning(_trouver(request, faite.intervention.pk)))
    return repondre(request, "telegestion/intervention_nouvelle.html", {}, form)


@acces("telegestion.intervention.deplacer")
@require_http_methods(["GET", "POST"])
def deplacer(request: HttpRequest, cle: UUID) -> HttpResponse:
    """The move as a form: another day, another length, and what works without a script."""
    vue = _trouver(request, cle)
    local = localtime(vue.debut)
    depart = {
        "intervenant": vue.intervenant_id,
        "jour": local.date(),
        "debut": local.time(),
        "duree": vue.minutes,
        "version": vue.version,
    }
    form = Horaire(request.POST or None, initial=depart)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            services.deplacer_intervention(
                request.user,
                cle,
                debut=form.debut_instant(),
                intervenant_id=lu["intervenant"].pk if lu["intervenant"] else None,
                duree_minutes=lu["duree"],
                version=lu["version"],
            )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "La visite est déplacée.")
            return HttpResponseRedirect(_vers_le_planning(_trouver(request, cle)))
    return repondre(request, "telegestion/intervention_deplacer.html", {"visite": vue}, form)


@acces("telegestion.intervention.annuler")
@require_POST
def annuler(request: HttpRequest, cle: UUID) -> HttpResponse:
    vue = _trouver(request, cle)
    contexte: dict[str, Any]
    form = Motif(request.POST)
    if form.is_valid():
        try:
            services.annuler_intervention(
                request.user, cle, form.cleaned_data["motif"], version=form.cleaned_data["version"]
            )
        except ErreurMetier as refus:
            porter(form, refus)
    if form.errors:
        contexte = contexte_visite(request, vue) | {"form_annuler": form, "annulation_ouverte": True}
        gabarit = (
            "telegestion/_visite.html" if request.headers.get("HX-Request") else "telegestion/visite.html"
        )
        return render(request, gabarit, contexte, status=422)
    if request.headers.get("HX-Request"):
        apres = _trouver(request, cle)
        contexte = contexte_visite(request, apres) | {"bloc": frise.bloc_seul(apres, deplacable=False)}
        reponse = render(request, "telegestion/_visite.html", contexte)
        return avec_annonce(
            reponse, "La visite est annulée.", annuler=reverse("intervention_retablir", args=[cle])
        )
    annoncer(request, "La visite est annulée. Elle se rétablit depuis son volet.")
    return HttpResponseRedirect(_vers_le_planning(vue))


@acces("telegestion.intervention.annuler")
@require_POST
def retablir(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Undo of a cancellation; the time may have been given away meanwhile."""
    vue = _trouver(request, cle)
    services.retablir(request.user, cle)
    annoncer(request, "La visite est rétablie.")
    return HttpResponseRedirect(_vers_le_planning(vue))


@acces("telegestion.intervention.deplacer")
@require_http_methods(["GET", "POST"])
def remplacer(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Who could take this visit, with the reasons; one click gives it."""
    vue = _trouver(request, cle)
    refus_dit = ""
    if request.method == "POST":
        choisi = lire_uuid(request.POST.get("intervenant"))
        version = _lire_entier(request.POST.get("version", ""))
        try:
            if choisi is None:
                raise services.ChampRefuse("intervenant", "Choisissez un intervenant.")
            services.affecter(request.user, cle, choisi, version=version)
        except ErreurMetier as refus:
            refus_dit = refus.message
        else:
            annoncer(request, "La visite est confiée.")
            return HttpResponseRedirect(_vers_le_planning(vue))
    contexte = {"visite": vue, "candidats": queries.candidats(vue), "refus": refus_dit}
    return render(request, "telegestion/remplacer.html", contexte, status=422 if refus_dit else 200)
