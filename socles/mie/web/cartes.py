"""Screens of persons: their cards, their place in the RPPS."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.identity.models import Compte
from plateforme.web.formulaires import porter, repondre
from socles.mie import queries
from socles.mie.models import Carte, GenreCarte, InscriptionRpps
from socles.mie.services import personnes as services
from socles.mie.web.commun import SUIVRE, page, retour, saisie
from socles.mie.web.formulaires import CarteForm, CommanderForm, RppsForm
from socles.mie.web.onglets import onglets


@acces("mie.certificat.voir")
@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    personnes = queries.personnes()
    contexte = {
        "onglets": onglets("mie_cartes"),
        "personnes": [p for p in personnes if p.compte.actif],
        "parties": [p for p in personnes if p.a_rendre],
        "peut_suivre": peut(request.user, SUIVRE),
    }
    return render(request, "mie/cartes.html", contexte)


@acces(SUIVRE)
@require_http_methods(["GET", "POST"])
def commander(request: HttpRequest) -> HttpResponse:
    depart = {
        "compte": request.GET.get("compte"),
        "genre": request.GET.get("genre", GenreCarte.CPS),
        "le": today(),
    }
    form = CommanderForm(saisie(request), initial=depart)
    if request.method == "POST" and form.is_valid():
        try:
            services.commander(
                form.cleaned_data["compte"], form.cleaned_data["genre"], le=form.cleaned_data["le"]
            )
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            return retour(request, "La commande est notée.", "mie_cartes")
    return repondre(
        request,
        "mie/formulaire.html",
        page("mie_cartes", "Cartes et RPPS", "Noter une commande de carte"),
        form,
    )


@acces(SUIVRE)
@require_http_methods(["GET", "POST"])
def carte(request: HttpRequest, cle: UUID) -> HttpResponse:
    ligne = Carte.objects.select_related("compte").filter(pk=cle).first()
    if ligne is None:
        raise Introuvable
    form = CarteForm(
        saisie(request), suites=ligne.suites, initial={"le": today(), "expire_le": ligne.expire_le}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.faire_passer(ligne.pk, **form.cleaned_data)
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            return retour(request, "La carte est à jour.", "mie_cartes")
    cadre = page(
        "mie_cartes",
        "Cartes et RPPS",
        ligne.compte.nom_complet,
        f"{ligne.get_genre_display()}, {ligne.get_etat_display()}",
    )
    return repondre(request, "mie/formulaire.html", cadre, form)


@acces(SUIVRE)
@require_http_methods(["GET", "POST"])
def rpps(request: HttpRequest, cle: UUID) -> HttpResponse:
    compte = Compte.objects.filter(pk=cle, actif=True).first()
    if compte is None:
        raise Introuvable
    deja = InscriptionRpps.objects.filter(compte=compte).first()
    depart = {
        "demandee_le": deja.demandee_le if deja else today(),
        "obtenue_le": deja.obtenue_le if deja else None,
    }
    form = RppsForm(saisie(request), initial=depart)
    if request.method == "POST" and form.is_valid():
        try:
            services.suivre_le_rpps(compte, **form.cleaned_data)
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            return retour(request, "L’inscription au RPPS est à jour.", "mie_cartes")
    return repondre(
        request,
        "mie/formulaire.html",
        page("mie_cartes", "Cartes et RPPS", "Inscription au RPPS", compte.nom_complet),
        form,
    )
