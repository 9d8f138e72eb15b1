"""Screens of the contract with the ANS, of the technical administrator and of mailboxes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.storage.models import Document
from plateforme.storage.services import lire, televerser
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import porter, repondre
from socles.mie import queries
from socles.mie.models import BoiteMssante, Carte, ContratAns, GenreCarte
from socles.mie.services import personnes as services
from socles.mie.web.commun import DESIGNER, SUIVRE, fichiers, page, retour, saisie
from socles.mie.web.formulaires import AdministrateurForm, BoiteForm, ContratForm
from socles.mie.web.onglets import onglets


@acces("mie.certificat.voir")
@require_GET
def contrat(request: HttpRequest) -> HttpResponse:
    cde = Carte.objects.filter(genre=GenreCarte.CDE).select_related("compte").order_by("-commandee_le")
    contexte = {
        "onglets": onglets("mie_contrat"),
        "contrat": ContratAns.objects.filter(clos_le=None).first(),
        "administrateurs": queries.administrateurs(),
        "cde": cde.first(),
        "boites": list(BoiteMssante.objects.all()),
        "peut_designer": peut(request.user, DESIGNER),
        "peut_suivre": peut(request.user, SUIVRE),
    }
    return render(request, "mie/contrat.html", contexte)


@acces(DESIGNER)
@never_cache
@require_http_methods(["GET", "POST"])
def modifier_contrat(request: HttpRequest) -> HttpResponse:
    deja = ContratAns.objects.filter(clos_le=None).first()
    champs = ("representant", "qualite", "numero", "depose_le", "valide_le")
    depart = {nom: getattr(deja, nom) for nom in champs} if deja else {"depose_le": today()}
    form = ContratForm(saisie(request), fichiers(request), initial=depart)
    if request.method == "POST" and form.is_valid():
        piece = form.cleaned_data.pop("piece")
        try:
            valeurs = dict(form.cleaned_data)
            if piece:
                compte: Any = request.user
                valeurs["piece_id"] = televerser(
                    piece.name, piece.read(), sujet_id=None, depose_par=compte.pk, sante=False
                ).pk
            services.suivre_le_contrat(valeurs)
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            return retour(request, "Le contrat avec l’ANS est à jour.", "mie_contrat")
    cadre = page(
        "mie_contrat",
        "Contrat et personnes",
        "Contrat avec l’ANS",
        "La démarche CAF101 est celle de la structure\u00a0: Treille la suit, vous la signez.",
    )
    return repondre(request, "mie/formulaire.html", cadre, form)


@acces(DESIGNER)
@require_POST
def changer_de_representant(request: HttpRequest) -> HttpResponse:
    services.changer_de_representant()
    return retour(request, "La démarche est close. Notez celle du nouveau représentant légal.", "mie_contrat")


@acces(DESIGNER)
@require_GET
def piece(_request: HttpRequest) -> HttpResponse:
    """The signed contract: sent as a download, never shown in the page."""
    deja = ContratAns.objects.filter(clos_le=None).only("piece_id").first()
    document = Document.objects.filter(pk=deja.piece_id).first() if deja and deja.piece_id else None
    if document is None:
        raise Introuvable
    return fichier(lire(document), document.type_reel, f"contrat-ans.{document.extension}")


@acces(DESIGNER)
@never_cache
@require_http_methods(["GET", "POST"])
def designer(request: HttpRequest) -> HttpResponse:
    compte: Any = request.user
    form = AdministrateurForm(saisie(request), personnes=services.designables().order_by("cle_tri"))
    if request.method == "POST" and form.is_valid():
        try:
            services.designer(form.cleaned_data["compte"], form.cleaned_data["rang"], par=compte)
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            return retour(request, "L’administrateur technique est désigné.", "mie_contrat")
    cadre = page(
        "mie_contrat",
        "Contrat et personnes",
        "Désigner un administrateur technique",
        "Il commande, installe et renouvelle les certificats. Il reçoit les rappels.",
    )
    return repondre(request, "mie/formulaire.html", cadre, form)


def _boite(request: HttpRequest, ligne: BoiteMssante) -> HttpResponse:
    depart = {"demandee_le": today()} if ligne._state.adding else None
    form: Any = BoiteForm(saisie(request), instance=ligne, initial=depart)
    if request.method == "POST" and form.is_valid():
        try:
            services.suivre_la_boite(form.save(commit=False))
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            return retour(request, "La boîte MSSanté est à jour.", "mie_contrat")
    return repondre(
        request, "mie/formulaire.html", page("mie_contrat", "Contrat et personnes", "Boîte MSSanté"), form
    )


@acces(SUIVRE)
@require_http_methods(["GET", "POST"])
def nouvelle_boite(request: HttpRequest) -> HttpResponse:
    return _boite(request, BoiteMssante())


@acces(SUIVRE)
@require_http_methods(["GET", "POST"])
def boite(request: HttpRequest, cle: UUID) -> HttpResponse:
    ligne = BoiteMssante.objects.filter(pk=cle).first()
    if ligne is None:
        raise Introuvable
    return _boite(request, ligne)
