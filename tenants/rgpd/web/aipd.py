"""The impact analysis: versions, the draft, the DPD's opinion, the direction's decision, the paper."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import porter, repondre
from tenants.rgpd import queries
from tenants.rgpd.models import Aipd
from tenants.rgpd.rules.aipd import NIVEAUX, RISQUES, RUBRIQUES, niveaux_manquants
from tenants.rgpd.services import aipd as services
from tenants.rgpd.web import forms
from tenants.rgpd.web.registre import rendre_le_papier


@acces("rgpd.aipd.tenir")
@require_http_methods(["GET", "POST"])
def analyses(request: HttpRequest) -> HttpResponse:
    """Every version, and a new one."""
    form = forms.OuvrirUneAipd(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ligne = services.ouvrir(request.user, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            return HttpResponseRedirect(reverse("rgpd_aipd", args=[ligne.pk]))
    lues = queries.analyses(queries.organisme_courant())
    contexte = {"analyses": lues, "brouillon": any(a.decidee_a is None for a in lues), "jour": today()}
    return repondre(request, "rgpd/analyses.html", contexte, form)


def _dire(contenu: dict[str, str]) -> dict[str, Any]:
    mots = dict(NIVEAUX)
    return {
        "rubriques": [(r.titre, contenu.get(r.code, "")) for r in RUBRIQUES],
        "risques": [
            {
                "titre": r.titre,
                "texte": contenu.get(r.code, ""),
                "gravite": mots.get(contenu.get(f"{r.code}_gravite", ""), "à évaluer"),
                "vraisemblance": mots.get(contenu.get(f"{r.code}_vraisemblance", ""), "à évaluer"),
            }
            for r in RISQUES
        ],
    }


@acces("rgpd.espace.voir")
@require_GET
def analyse(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _page(request, cle)


def _page(request: HttpRequest, cle: UUID, statut: int = 200, **formulaires: Any) -> HttpResponse:
    ligne = queries.analyse(queries.organisme_courant(), cle)
    contexte = {
        "aipd": ligne,
        "manquants": niveaux_manquants(ligne.contenu),
        "avis_possible": ligne.decidee_a is None and peut(request.user, "rgpd.aipd.avis"),
        "decision_possible": ligne.decidee_a is None
        and ligne.avis_a is not None
        and peut(request.user, "rgpd.aipd.decider"),
        "form_avis": forms.RendreLAvis(prefix="a"),
        "form_decision": forms.Decider(prefix="d"),
        **_dire(ligne.contenu),
        **formulaires,
    }
    return render(request, "rgpd/aipd.html", contexte, status=statut)


@acces("rgpd.aipd.tenir")
@require_http_methods(["GET", "POST"])
def ecrire(request: HttpRequest, cle: UUID) -> HttpResponse:
    ligne = queries.analyse(queries.organisme_courant(), cle)
    form = forms.EcrireUneAipd(request.POST or None, initial=ligne.contenu)
    if request.method == "POST" and form.is_valid():
        try:
            services.ecrire(request.user, cle, contenu=form.contenu)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "L’analyse est enregistrée.")
            return HttpResponseRedirect(reverse("rgpd_aipd", args=[cle]))
    groupes = [[form[f"{r.code}{fin}"] for fin in ("", "_gravite", "_vraisemblance")] for r in RISQUES]
    contexte = {"aipd": ligne, "textes": [form[r.code] for r in RUBRIQUES], "groupes": groupes}
    return repondre(request, "rgpd/aipd_ecrire.html", contexte, form)


def _agir(request: HttpRequest, cle: UUID, form: Any, nom: str, acte: Any, annonce: str) -> HttpResponse:
    queries.analyse(queries.organisme_courant(), cle)  # somebody else's is not even judged
    if form.is_valid():
        try:
            acte(request.user, cle, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, annonce)
            return HttpResponseRedirect(reverse("rgpd_aipd", args=[cle]))
    return _page(request, cle, 422, **{nom: form})


@acces("rgpd.aipd.avis")
@require_POST
def avis(request: HttpRequest, cle: UUID) -> HttpResponse:
    form = forms.RendreLAvis(request.POST, prefix="a")
    return _agir(request, cle, form, "form_avis", services.rendre_l_avis, "L’avis est rendu.")


@acces("rgpd.aipd.decider")
@require_POST
def decider(request: HttpRequest, cle: UUID) -> HttpResponse:
    form = forms.Decider(request.POST, prefix="d")
    return _agir(request, cle, form, "form_decision", services.decider, "La décision est enregistrée.")


@acces("rgpd.espace.voir")
@require_GET
def papier(_request: HttpRequest, cle: UUID) -> HttpResponse:
    organisme = queries.organisme_courant()
    ligne = queries.analyse(organisme, cle)
    dit = _dire(ligne.contenu)
    donnees = {
        "organisme": organisme.raison_sociale,
        "rang": ligne.rang,
        "produit": ligne.produit,
        "raison": ligne.raison,
        "rubriques": [{"titre": t, "texte": v} for t, v in dit["rubriques"]],
        "risques": dit["risques"],
        "avis": {"mot": Aipd.Sens(ligne.avis).label, "texte": ligne.avis_texte, "le": ligne.avis_a.date()}
        if ligne.avis_a
        else None,
        "decision": {
            "mot": Aipd.Decision(ligne.decision).label,
            "texte": ligne.decision_texte,
            "le": ligne.decidee_a.date(),
        }
        if ligne.decidee_a
        else None,
        "revue": ligne.revue_avant,
    }
    return rendre_le_papier("aipd.typ", donnees, f"analyse-d-impact-v{ligne.rang}")
