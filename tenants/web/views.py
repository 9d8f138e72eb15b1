"""Pages of the operator and of the porteur: states, works and figures. No dossier is read here."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces, acces_libre
from plateforme.identity.base import ModeDeVerification, Piece
from plateforme.identity.services import comptes
from plateforme.identity.services.comptes import Attestation
from plateforme.identity.services.totp import qr
from plateforme.reseau.models import Travail
from plateforme.web import annonces
from plateforme.web.formulaires import repondre
from tenants import queries
from tenants.contexte import elever
from tenants.models import EtatStructure, Grappe, Organisme, Structure
from tenants.services import archive, cycle, travaux
from tenants.web import forms

PAR_PAGE = 50
_ANNONCES = {
    "suspendre": "La structure est suspendue.",
    "rouvrir": "La structure est rouverte.",
    "clore": "La structure est archivée et close.",
    "supprimer": "Les données de la structure sont supprimées.",
}


@acces_libre
@require_GET
def accueil(request: HttpRequest) -> HttpResponse:
    """The network's own front door leads each where they work."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("connexion"))
    role = getattr(request.user, "role", "")
    return HttpResponseRedirect(reverse("structures" if role == "operateur" else "ma_grappe"))


def adresse_de(structure: Structure) -> str:
    """Address people of the structure type."""
    hote = f"{structure.slug}.{settings.TREILLE_DOMAINE}"
    return (
        f"http://{hote}:{settings.TREILLE_PORT}/"
        if settings.TREILLE_DOMAINE == "localhost"
        else f"https://{hote}/"
    )


@acces("tenants.structure.lister")
@require_GET
def structures(request: HttpRequest) -> HttpResponse:
    q, etat, grappe = (request.GET.get(cle, "").strip() for cle in ("q", "etat", "grappe"))
    grappes = list(Grappe.objects.order_by("nom"))
    if grappe not in {str(g.pk) for g in grappes}:
        grappe = ""
    page = Paginator(queries.structures(q=q, etat=etat, grappe=grappe), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    par_etat = queries.comptes_par_etat()
    return render(
        request,
        "tenants/structures.html",
        {
            "page": page,
            "q": q,
            "etat": etat,
            "grappe": grappe,
            "grappes": grappes,
            "etats": [(cle, EtatStructure(cle).label, n) for cle, n in par_etat.items()],
            "total": sum(par_etat.values()),
        },
    )


@acces("tenants.structure.ouvrir")
@require_http_methods(["GET", "POST"])
def ouvrir_une_liste(request: HttpRequest) -> HttpResponse:
    form = forms.OuvrirUneListe(
        request.POST or None, request.FILES or None, initial={"grappe": request.GET.get("grappe")}
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            travail = travaux.demander_ouvertures(
                form.demandes,
                form.cleaned_data["grappe"],
                form.cleaned_data["fichier"].name[:100],
                form.deploiement(f"{request.user.nom_complet}, {request.user.libelle_role}"),  # type: ignore[union-attr]
            )
        return HttpResponseRedirect(reverse("travail", args=[travail.pk]))
    return repondre(request, "tenants/ouvrir.html", {}, form)


@acces("tenants.structure.lister")
@require_GET
def structure(request: HttpRequest, structure_id: UUID) -> HttpResponse:
    return _fiche(request, structure_id)


def _fiche(request: HttpRequest, structure_id: UUID, statut: int = 200, **autres: Any) -> HttpResponse:
    sujet = queries.structures().filter(pk=structure_id).first()
    if sujet is None:
        raise Http404
    contexte = {
        "structure": sujet,
        "adresse": adresse_de(sujet),
        "rang": queries.rang_courant(),
        "suspendre": forms.Suspendre(),
        "supprimer": forms.Supprimer(),
        "inviter_la_direction": forms.InviterLaDirection(),
        **autres,
    }
    return render(request, "tenants/structure.html", contexte, status=statut)


@acces("tenants.structure.suspendre")
@require_POST
def changer_l_etat(request: HttpRequest, structure_id: UUID, geste: str) -> HttpResponse:
    """``suspendre``, ``rouvrir``, ``clore``, ``supprimer``: a refusal is shown on the page, what was typed is kept."""
    sujet = get_object_or_404(Structure, pk=structure_id)
    suspension, suppression = forms.Suspendre(request.POST or None), forms.Supprimer(request.POST or None)
    try:
        if geste == "suspendre":
            if not suspension.is_valid():
                return _fiche(request, structure_id, 422, suspendre=suspension)
            cycle.suspendre(sujet, motif=suspension.cleaned_data["motif"])
        elif geste == "rouvrir":
            cycle.rouvrir(sujet)
        elif geste == "clore":
            cycle.clore(sujet)
        elif geste == "supprimer":
            if not suppression.is_valid():
                return _fiche(request, structure_id, 422, supprimer=suppression)
            cycle.supprimer(sujet, confirmation=suppression.cleaned_data["confirmation"])
        else:
            raise Http404
    except ErreurMetier as erreur:
        return _fiche(request, structure_id, erreur.statut, refus=erreur.message, supprimer=suppression)
    annonces.annoncer(request, _ANNONCES[geste])
    return HttpResponseRedirect(reverse("structure", args=[structure_id]))


@acces("tenants.structure.archiver")
@require_POST
def archiver(request: HttpRequest, structure_id: UUID) -> HttpResponse:
    sujet = get_object_or_404(Structure, pk=structure_id)
    try:
        cle = archive.archiver(sujet)
    except ErreurMetier as erreur:
        return _fiche(request, structure_id, erreur.statut, refus=erreur.message)
    return _fiche(request, structure_id, archive_faite=cle)


@acces("tenants.structure.ouvrir")
@require_POST
def inviter_la_direction(request: HttpRequest, structure_id: UUID) -> HttpResponse:
    """Give the structure its first account: a single-use link, shown once, here. The password is its owner’s."""
    sujet = get_object_or_404(Structure, pk=structure_id)
    form = forms.InviterLaDirection(request.POST)
    if not form.is_valid():
        return _fiche(request, structure_id, 422, inviter_la_direction=form)
    lues = form.cleaned_data
    try:
        with elever(sujet, motif="tenants.inviter_la_direction"):
            invitation = comptes.inviter_la_premiere_direction(
                prenom=lues["prenom"],
                nom=lues["nom"],
                courriel=lues["courriel"],
                attestation=Attestation(Piece(lues["piece"]), ModeDeVerification(lues["mode"])),
            )
    except ErreurMetier as erreur:
        return _fiche(request, structure_id, erreur.statut, refus=erreur.message, inviter_la_direction=form)
    lien = f"{adresse_de(sujet)}acces/{invitation.jeton}"
    invitee = {
        "nom": invitation.compte.nom_complet,
        "identifiant": invitation.compte.identifiant,
        "lien": lien,
        "qr": qr(lien),
    }
    return _fiche(request, structure_id, invitee=invitee)


@acces("tenants.flotte.voir")
@require_GET
def flotte(request: HttpRequest) -> HttpResponse:
    en_cours = Travail.objects.filter(genre="flotte", etat__in=("en_attente", "en_cours")).first()
    return render(
        request,
        "tenants/flotte.html",
        {"flotte": queries.etat_de_la_flotte(), "travail": en_cours, **_liens(en_cours)},
    )


@acces("tenants.structure.ouvrir")
@require_POST
def mettre_a_jour(_request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        travail = travaux.demander_mise_a_jour()
    return HttpResponseRedirect(reverse("travail", args=[travail.pk]))


@acces("tenants.travail.voir")
@require_GET
def liste_des_travaux(request: HttpRequest) -> HttpResponse:
    page = Paginator(Travail.objects.defer("rapport", "demande"), PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "tenants/travaux.html", {"page": page})


def _liens(travail: Travail | None) -> dict[str, Any]:
    if travail is None:
        return {}
    reste = travail.secondes_restantes
    return {
        "url_suivi": reverse("suivre_travail", args=[travail.pk]),
        "url_annuler": reverse("annuler_travail", args=[travail.pk]),
        "reste": "" if reste is None else f"{max(1, reste)} s" if reste < 90 else f"{round(reste / 60)} min",
    }


@acces("tenants.travail.voir")
@require_GET
def travail(request: HttpRequest, travail_id: UUID) -> HttpResponse:
    sujet = get_object_or_404(Travail, pk=travail_id)
    return render(request, "tenants/travail.html", {"travail": sujet, **_liens(sujet)})


@acces("tenants.travail.voir")
@require_GET
def suivre_travail(request: HttpRequest, travail_id: UUID) -> HttpResponse:
    """The card that polls itself; at the end it asks the page to come back whole, with its report."""
    sujet = get_object_or_404(Travail, pk=travail_id)
    reponse = render(request, "plateforme/_travail.html", {"travail": sujet, **_liens(sujet)})
    if sujet.est_termine:
        reponse["HX-Refresh"] = "true"
    return reponse


@acces("tenants.travail.annuler")
@require_POST
def annuler_travail(request: HttpRequest, travail_id: UUID) -> HttpResponse:
    sujet = get_object_or_404(Travail, pk=travail_id)
    try:
        travaux.annuler(sujet)
    except ErreurMetier as erreur:
        annonces.annoncer(request, erreur.message)
    adresse = reverse("travail", args=[travail_id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": adresse})
    return HttpResponseRedirect(adresse)


@acces("tenants.structure.lister")
@require_GET
def grappes(request: HttpRequest) -> HttpResponse:
    return render(request, "tenants/grappes.html", {"grappes": queries.grappes_et_membres()})


@acces("tenants.structure.ouvrir")
@require_http_methods(["GET", "POST"])
def ouvrir_une_grappe(request: HttpRequest) -> HttpResponse:
    form = forms.OuvrirUneGrappe(request.POST or None)
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        with transaction.atomic():
            porteur, _ = Organisme.objects.get_or_create(
                finess=donnees["finess"].numero, defaults={"raison_sociale": donnees["porteur"]}
            )
            nouvelle = Grappe.objects.create(
                nom=donnees["nom"], porteur=porteur, ouverte_le=donnees["ouverte_le"]
            )
        annonces.annoncer(
            request,
            f"La grappe « {nouvelle.nom} » est ouverte. Déposez maintenant la liste de ses structures.",
        )
        return HttpResponseRedirect(f"{reverse('ouvrir_structures')}?grappe={nouvelle.pk}")
    return repondre(request, "tenants/ouvrir_grappe.html", {}, form)
