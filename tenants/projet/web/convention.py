"""The convention with the ARS: a board of steps, their proofs, the ARS's answers, the amendments."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.acces import acces
from plateforme.web.annonces import annoncer
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import porter, repondre
from tenants.projet import queries
from tenants.projet.models import ConventionArs, EtatJalon, Jalon
from tenants.projet.services import convention as services
from tenants.projet.web import forms
from tenants.projet.web.projet import ma_grappe, sans_grappe


@acces("projet.convention.voir")
@require_GET
def conventions(request: HttpRequest) -> HttpResponse:
    sienne = ma_grappe(request)
    if sienne is None:
        return sans_grappe(request)
    lues = queries.conventions(sienne)
    tableaux = [{"lue": lue, "colonnes": _colonnes(lue)} for lue in lues]
    return render(
        request, "projet/convention.html", {"grappe": sienne, "tableaux": tableaux, "jour": today()}
    )


def _colonnes(lue: queries.ConventionLue) -> list[tuple[str, str, list[Jalon]]]:
    return [(e.value, str(e.label), [j for j in lue.jalons if j.etat == e]) for e in EtatJalon]


def _rediriger(request: HttpRequest, annonce: str) -> HttpResponse:
    annoncer(request, annonce)
    return HttpResponseRedirect(reverse("convention_ars"))


@acces("projet.convention.tenir")
@require_http_methods(["GET", "POST"])
def signer(request: HttpRequest) -> HttpResponse:
    if ma_grappe(request) is None:
        return sans_grappe(request)
    form = forms.Signer(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.signer(request.user, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            return _rediriger(request, "La convention est enregistrée. Ajoutez maintenant ses jalons.")
    return repondre(request, "projet/convention_signer.html", {}, form)


def _la_sienne(request: HttpRequest, convention_id: UUID) -> ConventionArs:
    qui: Any = request.user
    ligne = ConventionArs.objects.filter(pk=convention_id, grappe_id=qui.grappe_id).first()
    if ligne is None:
        raise Introuvable("Cette convention n’est pas celle de votre grappe.")
    return ligne


def _le_jalon(request: HttpRequest, jalon_id: UUID) -> Jalon:
    qui: Any = request.user
    ligne = (
        Jalon.objects.filter(pk=jalon_id, convention__grappe_id=qui.grappe_id)
        .select_related("convention")
        .first()
    )
    if ligne is None:
        raise Introuvable("Ce jalon n’est pas dans une convention de votre grappe.")
    return ligne


@acces("projet.convention.tenir")
@require_http_methods(["GET", "POST"])
def ajouter_jalon(request: HttpRequest, convention_id: UUID) -> HttpResponse:
    convention = _la_sienne(request, convention_id)
    form = forms.PoserUnJalon(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.poser_jalon(request.user, convention_id, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            return _rediriger(request, "Le jalon est ajouté.")
    return repondre(request, "projet/jalon_ajouter.html", {"convention": convention}, form)


@acces("projet.convention.tenir")
@require_http_methods(["GET", "POST"])
def amender(request: HttpRequest, convention_id: UUID) -> HttpResponse:
    convention = _la_sienne(request, convention_id)
    form = forms.Amender(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.amender(request.user, convention_id, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            return _rediriger(request, "L’avenant est enregistré\u00a0: il ne change plus.")
    return repondre(request, "projet/avenant.html", {"convention": convention}, form)


@acces("projet.convention.tenir")
@require_http_methods(["GET", "POST"])
def jalon(request: HttpRequest, jalon_id: UUID) -> HttpResponse:
    """One step: its proofs, its history, and what may be done now."""
    ligne = _le_jalon(request, jalon_id)
    geste = request.POST.get("geste", "")
    corriger = forms.PoserUnJalon(
        request.POST if geste == "corriger" else None,
        prefix="j",
        initial={
            "libelle": ligne.libelle,
            "preuve_attendue": ligne.preuve_attendue,
            "echeance": ligne.echeance,
            "montant": f"{ligne.montant:f}".replace(".", ","),
        },
    )
    preuve = forms.DeposerUnePreuve(
        request.POST if geste == "preuve" else None, request.FILES if geste == "preuve" else None, prefix="p"
    )
    reponse = forms.ReponseDeLArs(
        request.POST if geste == "reponse" else None, prefix="r", initial={"le": today()}
    )
    form: Any = {"corriger": corriger, "preuve": preuve, "reponse": reponse}.get(geste, preuve)
    if request.method == "POST" and form.is_valid():
        try:
            _agir(request, ligne, geste, form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "Le jalon est à jour.")
            return HttpResponseRedirect(reverse("jalon", args=[jalon_id]))
    contexte = {
        "jalon": ligne,
        "preuves": ligne.preuves.all(),
        "passages": ligne.passages.all(),
        "corriger": corriger,
        "preuve": preuve,
        "reponse": reponse,
        "modifiable": ligne.etat in (EtatJalon.A_VENIR, EtatJalon.REFUSE),
        "attend_l_ars": ligne.etat == EtatJalon.PREUVE_DEPOSEE,
        "clos": ligne.etat == EtatJalon.VALIDE_ARS,
    }
    return repondre(request, "projet/jalon.html", contexte, form)


def _agir(request: HttpRequest, ligne: Jalon, geste: str, lues: dict[str, Any]) -> None:
    if geste == "corriger":
        services.poser_jalon(request.user, ligne.convention_id, jalon_id=ligne.pk, **lues)
    elif geste == "reponse":
        services.enregistrer_la_reponse(
            request.user, ligne.pk, validee=lues["reponse"] == "valide", le=lues["le"], motif=lues["motif"]
        )
    else:
        fichier = lues["fichier"]
        services.deposer_preuve(request.user, ligne.pk, fichier.name, fichier.read())


@acces("projet.convention.voir")
@require_GET
def preuve(request: HttpRequest, preuve_id: UUID) -> HttpResponse:
    """The document itself, downloaded: never shown in a page of ours."""
    ligne, octets = services.lire_preuve(request.user, preuve_id)
    return fichier(octets, ligne.type_reel, ligne.nom)
