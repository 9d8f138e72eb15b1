"""The operator's side: every grappe, the steps that wait for the platform, the templates."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import porter
from tenants.deploiement import queries
from tenants.deploiement.models import EtapeModele, Gabarit, Parcours, Responsable
from tenants.deploiement.services import gabarits
from tenants.deploiement.web.forms_gabarit import EtapeDeGabarit
from tenants.deploiement.web.grappe import contexte_du_tableau, page_d_etape
from tenants.deploiement.web.membre import page_du_membre
from tenants.models import Adhesion, Grappe


@acces("tenants.structure.lister")
@require_GET
def grappe(request: HttpRequest, grappe_id: UUID) -> HttpResponse:
    """The porteur's board, read by the operator."""
    sujet = get_object_or_404(Grappe.objects.select_related("porteur"), pk=grappe_id)
    contexte = contexte_du_tableau(request, sujet) | {"base_membre": "/console/deploiement/"}
    return render(request, "deploiement/grappe.html", contexte)


@acces("deploiement.console.suivre")
@require_GET
def deploiements(request: HttpRequest) -> HttpResponse:
    """Every grappe in one line, and what waits for the platform itself."""
    vues = []
    for sujet in Grappe.objects.select_related("porteur").order_by("nom"):
        vue = queries.tableau(Adhesion.objects.filter(grappe=sujet))
        vues.append({"grappe": sujet, "vue": vue, "freins": vue.freins[:3]})
    a_faire = (
        Parcours.objects.filter(
            clos_a__isnull=True, vsr_signee_a__isnull=True, etapes__etat="a_faire",
            etapes__modele__responsable=Responsable.PLATEFORME,
        )
        .values_list(
            "structure_id", "structure__raison_sociale", "etapes__modele__titre", "etapes__modele__code",
            "etapes__echeance",
        )
        .order_by("etapes__echeance")[:50]
    )  # fmt: skip
    return render(request, "deploiement/console.html", {"vues": vues, "a_faire": list(a_faire)})


def _parcours(structure_id: UUID) -> Parcours:
    parcours = queries.parcours_de(structure_id)
    if parcours is None:
        raise Http404
    return parcours


@acces("deploiement.console.suivre")
@require_GET
def structure(request: HttpRequest, structure_id: UUID) -> HttpResponse:
    return page_du_membre(
        request, queries.fiche_de(_parcours(structure_id)), base=f"/console/deploiement/{structure_id}/etapes/",
        retour=reverse("deploiements"), parent="Déploiements",
    )  # fmt: skip


@acces("deploiement.console.suivre")
@require_http_methods(["GET", "POST"])
def etape(request: HttpRequest, structure_id: UUID, code: str) -> HttpResponse:
    return page_d_etape(
        request, queries.fiche_de(_parcours(structure_id)), code, responsable=Responsable.PLATEFORME,
        permis=peut(request.user, "deploiement.console.confirmer"),
        retour=reverse("deploiement_console_structure", args=[structure_id]),
    )  # fmt: skip


# -- templates -------------------------------------------------------------------------------------
@acces("deploiement.console.suivre")
@require_GET
def liste_des_gabarits(request: HttpRequest) -> HttpResponse:
    return render(request, "deploiement/gabarits.html", {"groupes": queries.gabarits_par_projet()})


@acces("deploiement.console.suivre")
@require_GET
def gabarit(request: HttpRequest, gabarit_id: UUID) -> HttpResponse:
    return _gabarit(request, get_object_or_404(Gabarit, pk=gabarit_id))


def _gabarit(request: HttpRequest, sujet: Gabarit, **autres: Any) -> HttpResponse:
    contexte = {
        "gabarit": sujet,
        "etapes": list(sujet.etapes.all()),
        "fautes": gabarits.fautes(sujet),
        **autres,
    }
    return render(request, "deploiement/gabarit.html", contexte, status=422 if "refus" in autres else 200)


@acces("deploiement.gabarit.modifier")
@require_POST
def nouvelle_version(request: HttpRequest, gabarit_id: UUID) -> HttpResponse:
    brouillon = gabarits.preparer(get_object_or_404(Gabarit, pk=gabarit_id))
    return HttpResponseRedirect(reverse("deploiement_gabarit", args=[brouillon.pk]))


@acces("deploiement.gabarit.modifier")
@require_POST
def publier(request: HttpRequest, gabarit_id: UUID) -> HttpResponse:
    sujet = get_object_or_404(Gabarit, pk=gabarit_id)
    try:
        gabarits.publier(sujet, note=request.POST.get("note", ""))
    except ErreurMetier as refus:
        return _gabarit(request, sujet, refus=refus.message, note=request.POST.get("note", ""))
    annoncer(request, "Le gabarit est publié\u00a0: les prochains déploiements le prendront.")
    return HttpResponseRedirect(reverse("deploiement_gabarit", args=[sujet.pk]))


@acces("deploiement.gabarit.modifier")
@require_http_methods(["GET", "POST"])
def etape_de_gabarit(request: HttpRequest, gabarit_id: UUID, code: str) -> HttpResponse:
    """One step of a draft; ``nouvelle`` adds one."""
    sujet = get_object_or_404(Gabarit, pk=gabarit_id)
    ligne = None if code == "nouvelle" else get_object_or_404(EtapeModele, gabarit=sujet, code=code)
    form = EtapeDeGabarit(request.POST or None, gabarit=sujet, etape=ligne)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                gabarits.ecrire_une_etape(sujet, ligne, form.valeurs())
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "L’étape est enregistrée dans le brouillon.")
            return HttpResponseRedirect(reverse("deploiement_gabarit", args=[sujet.pk]))
    contexte = {"gabarit": sujet, "etape": ligne, "form": form}
    return render(request, "deploiement/etape_de_gabarit.html", contexte, status=422 if form.errors else 200)


@acces("deploiement.gabarit.modifier")
@require_POST
def retirer_une_etape(request: HttpRequest, gabarit_id: UUID, code: str) -> HttpResponse:
    sujet = get_object_or_404(Gabarit, pk=gabarit_id)
    ligne = get_object_or_404(EtapeModele, gabarit=sujet, code=code)
    try:
        gabarits.retirer_une_etape(sujet, ligne)
    except ErreurMetier as refus:
        return _gabarit(request, sujet, refus=refus.message)
    annoncer(request, "L’étape est retirée du brouillon.")
    return HttpResponseRedirect(reverse("deploiement_gabarit", args=[sujet.pk]))
