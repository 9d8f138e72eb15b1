"""The porteur's boards: who is ready, who is late, by what; waves, members, the paper of the committee."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from plateforme import pdf
from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.tableurs import ecrire_csv
from plateforme.web.annonces import annoncer
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import porter, repondre
from tenants.deploiement import queries
from tenants.deploiement.gabarits import ACTEURS
from tenants.deploiement.models import Parcours, Responsable, Vague
from tenants.deploiement.queries import Fiche, Filtre, Tableau
from tenants.deploiement.queries.tableau import SITUATIONS
from tenants.deploiement.services import etapes, ouvrir
from tenants.deploiement.services.auteur import Auteur
from tenants.deploiement.web import forms
from tenants.deploiement.web.membre import page_du_membre
from tenants.deploiement.web.rendu import cases_html
from tenants.models import Adhesion, Grappe, Profil
from tenants.queries import grappe_de
from tenants.services import travaux

_PDF = Path(__file__).parents[1] / "pdf"


def _sienne(request: HttpRequest) -> Grappe:
    grappe = grappe_de(getattr(request.user, "grappe_id", None))
    if grappe is None:
        raise Http404
    return grappe


def membres(grappe: Grappe) -> "QuerySet[Adhesion]":
    return Adhesion.objects.filter(grappe=grappe)


def _filtre(request: HttpRequest) -> Filtre:
    lus = {cle: request.GET.get(cle, "").strip()[:80] for cle in Filtre.__slots__}
    return Filtre(**lus)


def contexte_du_tableau(request: HttpRequest, grappe: Grappe) -> dict[str, Any]:
    """Shared with the operator's page of the same grappe."""
    filtre = _filtre(request)
    vue = queries.tableau(membres(grappe), filtre)
    return {
        "grappe": grappe,
        "vue": vue,
        "rangees": [(ligne, cases_html(ligne)) for ligne in vue.lignes],
        "filtre": filtre,
        "situations": [(cle, mot, vue.situations.get(cle, 0)) for cle, mot in SITUATIONS.items()],
        "vagues": Vague.objects.filter(grappe=grappe),
        "profils": [p.label for p in Profil],
        "filtree": any(getattr(filtre, c) for c in Filtre.__slots__),
        "bandeau": f"Vous voyez l’avancement d’une grappe, {grappe.nom}. Aucune donnée d’usager n’est visible ici.",
    }


@acces("tenants.grappe.porter")
@require_GET
def ma_grappe(request: HttpRequest) -> HttpResponse:
    sienne = grappe_de(getattr(request.user, "grappe_id", None))
    if sienne is None:
        return render(request, "tenants/sans_grappe.html")
    contexte = contexte_du_tableau(request, sienne) | {"porteur": True, "base_membre": "/grappe/structures/"}
    return render(request, "deploiement/grappe.html", contexte)


def _parcours_du_membre(request: HttpRequest, structure_id: UUID) -> Parcours:
    """Of one's own grappe, or 404: another grappe's structure does not exist here."""
    adhesion = get_object_or_404(membres(_sienne(request)), structure_id=structure_id, jusqu_au__isnull=True)
    parcours = queries.parcours_de(adhesion.structure_id)
    if parcours is None:
        raise Http404
    return parcours


@acces("deploiement.grappe.suivre")
@require_GET
def membre(request: HttpRequest, structure_id: UUID) -> HttpResponse:
    fiche = queries.fiche_de(_parcours_du_membre(request, structure_id))
    return page_du_membre(
        request, fiche, base=f"/grappe/structures/{structure_id}/etapes/", retour=reverse("ma_grappe"),
        parent="Ma grappe", planifier=forms.Planifier(initial={"mise_en_production": fiche.parcours.mise_en_production}),
    )  # fmt: skip


@acces("deploiement.grappe.planifier")
@require_http_methods(["POST"])
def planifier(request: HttpRequest, structure_id: UUID) -> HttpResponse:
    parcours = _parcours_du_membre(request, structure_id)
    form = forms.Planifier(request.POST)
    if form.is_valid():
        try:
            ouvrir.planifier(
                parcours,
                mise_en_production=form.cleaned_data["mise_en_production"],
                par=Auteur.de(request.user),
            )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "La date est changée, les échéances suivent.")
            return HttpResponseRedirect(reverse("deploiement_membre", args=[structure_id]))
    return page_du_membre(
        request, queries.fiche_de(parcours), base=f"/grappe/structures/{structure_id}/etapes/",
        retour=reverse("ma_grappe"), parent="Ma grappe", planifier=form,
    )  # fmt: skip


@acces("deploiement.grappe.suivre")
@require_http_methods(["GET", "POST"])
def etape(request: HttpRequest, structure_id: UUID, code: str) -> HttpResponse:
    """A member's step; the porteur marks those that wait for the porteur."""
    fiche = queries.fiche_de(_parcours_du_membre(request, structure_id))
    return page_d_etape(
        request, fiche, code, responsable=Responsable.PORTEUR, permis=peut(request.user, "deploiement.grappe.planifier"),
        retour=reverse("deploiement_membre", args=[structure_id]),
    )  # fmt: skip


def page_d_etape(
    request: HttpRequest, fiche: Fiche, code: str, *, responsable: str, permis: bool, retour: str
) -> HttpResponse:
    """Read by all of the network who follow it; marked by the one it waits for, with a reference only."""
    ligne = fiche.ligne(code)
    if ligne is None:
        raise Http404
    sienne = permis and ligne.vue.role == responsable
    form, motif = forms.MarquerSansPiece(), forms.Motiver()
    if request.method == "POST":
        if not sienne:
            raise Http404
        rouvre = request.POST.get("geste") == "rouvrir"
        form, motif = (
            (form, forms.Motiver(request.POST)) if rouvre else (forms.MarquerSansPiece(request.POST), motif)
        )
        lu = motif if rouvre else form
        if lu.is_valid():
            try:
                if rouvre:
                    etapes.rouvrir(
                        fiche.parcours, code, par=Auteur.de(request.user), motif=lu.cleaned_data["motif"]
                    )
                else:
                    etapes.marquer(
                        fiche.parcours, code, par=Auteur.de(request.user), preuve=lu.cleaned_data["preuve"]
                    )
            except ErreurMetier as refus:
                porter(lu, refus)
            else:
                annoncer(request, "L’étape est enregistrée.")
                return HttpResponseRedirect(retour)
    contexte = {
        "gabarit_page": "tenants/page.html",
        "fiche": fiche,
        "ligne": ligne,
        "acteurs": [(ACTEURS[c], role) for c, role in ligne.raci.items() if c in ACTEURS],
        "mouvements": [m for m in fiche.mouvements if m.code == code],
        "peut_marquer": sienne,
        "marquer": form,
        "motiver": motif,
        "url_rouvrir": "",
        "retour": retour,
        "parent": fiche.parcours.structure.raison_sociale,
        "reseau": True,
    }
    return render(
        request, "deploiement/etape.html", contexte, status=422 if form.errors or motif.errors else 200
    )


def _sans_parcours(grappe: Grappe) -> list[tuple[str, str]]:
    vue = queries.tableau(membres(grappe), Filtre(situation="non_ouverte"))
    return [(str(li.structure_id), li.nom) for li in vue.lignes]


@acces("deploiement.grappe.planifier")
@require_http_methods(["GET", "POST"])
def ouvrir_des_parcours(request: HttpRequest) -> HttpResponse:
    grappe = _sienne(request)
    choix = _sans_parcours(grappe)
    form = forms.Ouvrir(
        request.POST or None, structures=choix, initial={"structures": [cle for cle, _ in choix]}
    )
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        try:
            nouveaux = ouvrir.ouvrir_la_grappe(
                grappe, type_=donnees["type"], mise_en_production=donnees["mise_en_production"],
                par=Auteur.de(request.user), structures=[UUID(cle) for cle in donnees["structures"]],
            )  # fmt: skip
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(
                request,
                f"{nouveaux} déploiement{'s' if nouveaux > 1 else ''} ouvert{'s' if nouveaux > 1 else ''}.",
            )
            return HttpResponseRedirect(reverse("ma_grappe"))
    return repondre(request, "deploiement/ouvrir.html", {"grappe": grappe, "choix": choix}, form)


@acces("deploiement.grappe.planifier")
@require_http_methods(["GET", "POST"])
def vagues(request: HttpRequest) -> HttpResponse:
    grappe = _sienne(request)
    vue = queries.tableau(membres(grappe))
    ouvertes = [li for li in vue.lignes if li.situation not in ("non_ouverte", "production")]
    form = forms.Vaguer(request.POST or None, structures=[(str(li.structure_id), li.nom) for li in ouvertes])
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        try:
            vague = ouvrir.mettre_en_vague(
                grappe, nom=donnees["nom"], mise_en_production=donnees["mise_en_production"],
                structures=[UUID(cle) for cle in donnees["structures"]], par=Auteur.de(request.user),
            )  # fmt: skip
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, f"La vague « {vague.nom} » est planifiée.")
            return HttpResponseRedirect(reverse("deploiement_vagues"))
    existantes = [
        {"vague": v, "membres": [li for li in vue.lignes if li.vague == v.nom]}
        for v in Vague.objects.filter(grappe=grappe)
    ]
    return repondre(request, "deploiement/vagues.html", {"grappe": grappe, "existantes": existantes}, form)


@acces("deploiement.membre.inscrire")
@require_http_methods(["GET", "POST"])
def inscrire_des_membres(request: HttpRequest) -> HttpResponse:
    """The list opens the structures, and their deployments with the same type and date."""
    grappe = _sienne(request)
    form = forms.InscrireDesMembres(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        try:
            ouvrir.verifier_la_date(donnees["mise_en_production"])
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            with transaction.atomic():
                travail = travaux.demander_ouvertures(
                    form.demandes, grappe, donnees["fichier"].name[:100],
                    deploiement={
                        "type": donnees["type"], "le": donnees["mise_en_production"].isoformat(),
                        "par": Auteur.de(request.user).nom,
                    },
                )  # fmt: skip
            return HttpResponseRedirect(reverse("deploiement_travail", args=[travail.pk]))
    return repondre(request, "deploiement/membres.html", {"grappe": grappe}, form)


# -- the committee ---------------------------------------------------------------------------------
@acces("deploiement.grappe.suivre")
@require_GET
def copil_pdf(request: HttpRequest) -> HttpResponse:
    grappe = _sienne(request)
    octets = pdf.composer(_PDF / "copil.typ", donnees_du_copil(grappe, queries.tableau(membres(grappe))))
    return fichier(octets, "application/pdf", f"copil-{today():%Y-%m-%d}.pdf")


def donnees_du_copil(grappe: Grappe, vue: Tableau) -> dict[str, Any]:
    titres = {c.code: c.titre for c in vue.colonnes}
    return {
        "grappe": grappe.nom,
        "porteur": grappe.porteur.raison_sociale,
        "le": today(),
        "total": vue.total,
        "situations": [{"mot": mot, "n": vue.situations.get(cle, 0)} for cle, mot in SITUATIONS.items()],
        "freins": [{"titre": titre, "n": n} for _, titre, n in vue.freins[:8]],
        "lignes": [
            {
                "nom": li.nom,
                "commune": li.commune,
                "phase": li.phase,
                "le": li.mise_en_production,
                "situation": SITUATIONS[li.situation],
                "ton": {"production": "ok", "prete": "ok", "retard": "alerte"}.get(li.situation, "neutre"),
                "fait": li.passees,
                "total": li.total,
                "freins": [titres[c] for c in li.bloquants[:3]] if li.situation != "production" else [],
                "autres": max(0, len(li.bloquants) - 3),
            }
            for li in vue.lignes
        ],
    }


@acces("deploiement.grappe.suivre")
@require_GET
def copil_csv(request: HttpRequest) -> HttpResponse:
    """One line a structure, one column a step: what the committee's own sheet wants."""
    vue = queries.tableau(membres(_sienne(request)))
    titres = ["Structure", "Commune", "Profil", "Phase", "Vague", "Mise en production", "Situation", "Étapes passées",
              "Étapes", *(c.titre for c in vue.colonnes)]  # fmt: skip
    lignes = (
        [li.nom, li.commune, li.profil, li.phase, li.vague, li.mise_en_production, SITUATIONS[li.situation], li.passees,
         li.total, *(case.mot if case.classe else "" for case in li.cases)]
        for li in vue.lignes
    )  # fmt: skip
    return fichier(ecrire_csv(titres, lignes), "text/csv; charset=utf-8", f"copil-{today():%Y-%m-%d}.csv")
