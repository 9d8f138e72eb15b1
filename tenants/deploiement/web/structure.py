"""The structure's own board: what comes next, each step, the questionnaire, the signature."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from plateforme import pdf
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.storage import services as stockage
from plateforme.storage.models import Document
from plateforme.tenancy.courant import exiger_courant
from plateforme.web.annonces import annoncer
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import porter, repondre
from tenants.contexte import en_public
from tenants.deploiement import queries
from tenants.deploiement.gabarits import ACTEURS, VERSION_MATURITE
from tenants.deploiement.models import Parcours
from tenants.deploiement.queries import Fiche, LigneDEtape
from tenants.deploiement.rules import VSR
from tenants.deploiement.services import etapes, maturite, production
from tenants.deploiement.services.auteur import Auteur
from tenants.deploiement.web import forms

GESTES = ("marquer", "rouvrir", "deroger", "sans_objet")
_PDF = Path(__file__).parents[1] / "pdf"


def _sien() -> Parcours | None:
    structure_id = exiger_courant().structure_id
    with en_public():
        return queries.parcours_de(structure_id) if structure_id else None


def _exige() -> Parcours:
    parcours = _sien()
    if parcours is None:
        raise Http404
    return parcours


def fiche_courante() -> Fiche | None:
    """The current structure's, read in the network's schema; None before its opening."""
    parcours = _sien()
    if parcours is None:
        return None
    with en_public():
        return queries.fiche_de(parcours)


@acces("deploiement.parcours.voir")
@require_GET
def deploiement(request: HttpRequest) -> HttpResponse:
    fiche = fiche_courante()
    if fiche is None:
        return render(request, "deploiement/sans_parcours.html")
    with en_public():
        _, axes = queries.maturite_de(fiche.parcours)
    return render(
        request,
        "deploiement/structure.html",
        {
            "fiche": fiche,
            "axes": axes,
            "base_etape": "/deploiement/etapes/",
            "peut_signer": peut(request.user, "deploiement.vsr.signer"),
        },
    )


def _ligne(fiche: Fiche, code: str) -> LigneDEtape:
    ligne = fiche.ligne(code)
    if ligne is None:
        raise Http404
    return ligne


def _page_d_etape(request: HttpRequest, fiche: Fiche, code: str, **formulaires: Any) -> HttpResponse:
    ligne = _ligne(fiche, code)
    contexte = {
        "fiche": fiche,
        "ligne": ligne,
        "acteurs": [(ACTEURS[c], role) for c, role in ligne.raci.items() if c in ACTEURS],
        "mouvements": [m for m in fiche.mouvements if m.code == code],
        "peut_marquer": peut(request.user, "deploiement.etape.marquer"),
        "peut_deroger": peut(request.user, "deploiement.etape.deroger"),
        "marquer": forms.Marquer(),
        "motiver": forms.Motiver(),
        "url_maturite": reverse("deploiement_maturite"),
        "url_piece": reverse("deploiement_piece", args=[code]) if ligne.piece_id else "",
        **{f"url_{geste}": reverse(f"deploiement_{geste}", args=[code]) for geste in GESTES},
        **formulaires,
    }
    refuse = any(getattr(f, "errors", None) for f in formulaires.values())
    return render(request, "deploiement/etape.html", contexte, status=422 if refuse else 200)


def _fiche_exigee() -> Fiche:
    fiche = fiche_courante()
    if fiche is None:
        raise Http404
    return fiche


@acces("deploiement.parcours.voir")
@require_GET
def etape(request: HttpRequest, code: str) -> HttpResponse:
    return _page_d_etape(request, _fiche_exigee(), code)


@acces("deploiement.etape.marquer")
@require_http_methods(["POST"])
def marquer(request: HttpRequest, code: str) -> HttpResponse:
    """Evidence is sealed in the structure's vault; the network keeps its reference."""
    form = forms.Marquer(request.POST, request.FILES)
    parcours = _exige()
    if form.is_valid():
        try:
            with transaction.atomic():
                piece = _garder(form.cleaned_data["piece"], request.user)
                with en_public():
                    etapes.marquer(
                        parcours,
                        code,
                        par=Auteur.de(request.user),
                        preuve=form.cleaned_data["preuve"],
                        piece_id=piece,
                    )
        except ErreurMetier as refus:
            if refus.statut == 404:
                raise
            porter(form, refus)
        else:
            annoncer(request, "L’étape est faite.")
            return HttpResponseRedirect(reverse("deploiement"))
    return _page_d_etape(request, _fiche_exigee(), code, marquer=form)


def _garder(depot: Any, compte: Any) -> UUID | None:
    if not depot:
        return None
    document = stockage.televerser(depot.name, depot.read(), sujet_id=None, depose_par=compte.pk, sante=False)
    return document.pk


def _motiver(request: HttpRequest, code: str, geste: Callable[..., None], annonce: str) -> HttpResponse:
    form = forms.Motiver(request.POST)
    parcours = _exige()
    if form.is_valid():
        try:
            with en_public():
                geste(parcours, code, par=Auteur.de(request.user), motif=form.cleaned_data["motif"])
        except ErreurMetier as refus:
            if refus.statut == 404:
                raise
            porter(form, refus)
        else:
            annoncer(request, annonce)
            return HttpResponseRedirect(reverse("deploiement"))
    return _page_d_etape(request, _fiche_exigee(), code, motiver=form)


@acces("deploiement.etape.marquer")
@require_http_methods(["POST"])
def rouvrir(request: HttpRequest, code: str) -> HttpResponse:
    return _motiver(request, code, etapes.rouvrir, "L’étape est de nouveau à faire.")


@acces("deploiement.etape.deroger")
@require_http_methods(["POST"])
def deroger(request: HttpRequest, code: str) -> HttpResponse:
    return _motiver(request, code, etapes.deroger, "La dérogation est enregistrée.")


@acces("deploiement.etape.deroger")
@require_http_methods(["POST"])
def sans_objet(request: HttpRequest, code: str) -> HttpResponse:
    return _motiver(request, code, etapes.dire_sans_objet, "L’étape est sans objet.")


@acces("deploiement.parcours.voir")
@require_GET
def piece(request: HttpRequest, code: str) -> HttpResponse:
    """The evidence of a step, from the structure's own vault."""
    ligne = _ligne(_fiche_exigee(), code)
    document = Document.objects.filter(pk=ligne.piece_id, sujet_id=None).first() if ligne.piece_id else None
    if document is None:
        raise Http404
    octets = stockage.lire(document)
    return fichier(octets, document.type_reel, document.nom or f"piece.{document.extension}")


@acces("deploiement.etape.marquer")
@require_http_methods(["GET", "POST"])
def questionnaire(request: HttpRequest) -> HttpResponse:
    parcours = _exige()
    with en_public():
        derniere, axes = queries.maturite_de(parcours)
    form = forms.Questionnaire(request.POST or None, initial=derniere.reponses if derniere else None)
    if request.method == "POST" and form.is_valid():
        with en_public():
            maturite.repondre(
                parcours, version=VERSION_MATURITE, reponses=form.cleaned_data, par=Auteur.de(request.user)
            )
        annoncer(request, "Vos réponses sont enregistrées.")
        return HttpResponseRedirect(reverse("deploiement"))
    return repondre(request, "deploiement/maturite.html", {"axes": axes, "derniere": derniere}, form)


@acces("deploiement.vsr.signer")
@require_http_methods(["GET", "POST"])
def vsr(request: HttpRequest) -> HttpResponse:
    fiche = _fiche_exigee()
    form = forms.Signer(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with en_public():
                production.signer_la_vsr(
                    fiche.parcours, par=Auteur.de(request.user), fonction=form.cleaned_data["fonction"],
                    reserves=form.cleaned_data["reserves"],
                )  # fmt: skip
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "La mise en production est signée.")
            return HttpResponseRedirect(reverse("deploiement"))
    return repondre(request, "deploiement/vsr.html", {"fiche": fiche}, form)


@acces("deploiement.parcours.voir")
@require_GET
def proces_verbal(request: HttpRequest) -> HttpResponse:
    """What was signed, with the state of each step. Only once it is signed."""
    fiche = _fiche_exigee()
    if not fiche.parcours.en_production:
        raise Http404
    return fichier(
        pdf.composer(_PDF / "vsr.typ", donnees_du_proces_verbal(fiche)),
        "application/pdf",
        "vsr.pdf",
    )


def donnees_du_proces_verbal(fiche: Fiche) -> dict[str, Any]:
    p = fiche.parcours
    mots = {"faite": "faite", "derogee": "dérogée", "sans_objet": "sans objet", "a_faire": "non faite"}
    return {
        "structure": p.structure.raison_sociale,
        "finess": p.structure.finess,
        "organisme": p.structure.organisme.raison_sociale,
        "signataire": p.vsr_signataire,
        "signee_a": p.vsr_signee_a,
        "reserves": p.vsr_reserves,
        "etapes": [
            {
                "titre": li.vue.titre,
                "etat": mots[li.vue.etat],
                "le": li.faite_a.date() if li.faite_a else None,
                "par": li.faite_par,
                "detail": li.motif or li.preuve,
            }
            for li in fiche.lignes
            if li.vue.code != VSR
        ],
    }
