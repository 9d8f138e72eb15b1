"""The register of violations with its clock; and, on the network’s site, the event told to several entités juridiques."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.clock import now, today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import repondre
from tenants.rgpd import queries
from tenants.rgpd.models.violation import Atteinte
from tenants.rgpd.services import violations as services
from tenants.rgpd.web import forms
from tenants.rgpd.web.registre import rendre_le_papier


@acces("rgpd.espace.voir")
@require_GET
def violations(request: HttpRequest) -> HttpResponse:
    lues = queries.violations(queries.organisme_courant())
    return render(request, "rgpd/violations.html", {"violations": lues})


@acces("rgpd.violation.tenir")
@require_http_methods(["GET", "POST"])
def ouvrir(request: HttpRequest) -> HttpResponse:
    form = forms.OuvrirUneViolation(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ligne = services.ouvrir(request.user, **form.valeurs())
        except ErreurMetier as refus:
            forms.porter_l_instant(form, refus)
        else:
            annoncer(request, "Le dossier est ouvert, l’horloge tourne.")
            return HttpResponseRedirect(reverse("rgpd_violation", args=[ligne.pk]))
    return repondre(request, "rgpd/violation_ouvrir.html", {}, form)


@acces("rgpd.espace.voir")
@require_GET
def violation(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _page(request, cle)


def _page(request: HttpRequest, cle: UUID, statut: int = 200, **formulaires: Any) -> HttpResponse:
    lue = queries.violation(queries.organisme_courant(), cle)
    v = lue.violation
    depart = {nom: getattr(v, nom) for nom in forms.Faits.base_fields}
    contexte = {
        "lue": lue,
        "v": v,
        "atteintes": [str(Atteinte(a).label) for a in v.atteintes],
        "faits": forms.Faits(initial=depart, prefix="f"),
        "ligne": forms.AjouterUneLigne(prefix="l"),
        **formulaires,
    }
    return render(request, "rgpd/violation.html", contexte, status=statut)


def _agir(request: HttpRequest, cle: UUID, form: Any, nom: str, acte: Any, valeurs: Any) -> HttpResponse:
    queries.violation(queries.organisme_courant(), cle)  # somebody else's is not even judged
    if form.is_valid():
        try:
            acte(request.user, cle, **valeurs(form))
        except ErreurMetier as refus:
            forms.porter_l_instant(form, refus)
        else:
            annoncer(request, "Le dossier est à jour.")
            return HttpResponseRedirect(reverse("rgpd_violation", args=[cle]))
    return _page(request, cle, 422, **{nom: form})


@acces("rgpd.violation.tenir")
@require_POST
def completer(request: HttpRequest, cle: UUID) -> HttpResponse:
    form = forms.Faits(request.POST, prefix="f")
    return _agir(request, cle, form, "faits", services.completer, lambda f: f.cleaned_data)


@acces("rgpd.violation.tenir")
@require_POST
def ajouter_une_ligne(request: HttpRequest, cle: UUID) -> HttpResponse:
    form = forms.AjouterUneLigne(request.POST, prefix="l")
    return _agir(request, cle, form, "ligne", services.ajouter_une_ligne, lambda f: f.valeurs())


@acces("rgpd.espace.voir")
@require_GET
def papier(_request: HttpRequest, cle: UUID) -> HttpResponse:
    organisme = queries.organisme_courant()
    lue = queries.violation(organisme, cle)
    v = lue.violation

    def instant(a: Any) -> str:
        return localtime(a).strftime("%d/%m/%Y à %H:%M") if a else ""

    donnees = {
        "organisme": organisme.raison_sociale,
        "rang": v.rang,
        "jour": today(),
        "phrase": lue.horloge.phrase,
        "paires": [
            ["Connue par la structure", instant(v.connue_a)],
            ["Échéance CNIL", instant(lue.horloge.echeance)],
            ["Survenue", v.survenue or "–"],
            ["Nature", ", ".join(str(Atteinte(a).label) for a in v.atteintes)],
            ["Personnes", f"{v.categories_personnes or '–'} ({_nombre(v.nombre_personnes)})"],
            ["Données", f"{v.categories_donnees or '–'} ({_nombre(v.nombre_enregistrements)})"],
            ["Risque", v.get_risque_display()],
            ["Close", instant(v.close_a) or "non"],
        ],
        "textes": [
            {"titre": "Ce qui s’est passé", "texte": v.circonstances},
            {"titre": "Conséquences probables", "texte": v.consequences or "–"},
            {"titre": "Mesures prises", "texte": v.mesures or "–"},
        ],
        "lignes": [
            [instant(ligne.le), str(ligne.get_genre_display()), ligne.reference, ligne.texte]
            for ligne in lue.lignes
        ],
        "reste": list(lue.reste) if v.close_a is None else [],
    }
    return rendre_le_papier("violation.typ", donnees, f"violation-{v.rang}")


def _nombre(valeur: int | None) -> str:
    return "nombre inconnu" if valeur is None else str(valeur)


@acces("rgpd.evenement.ouvrir")
@require_http_methods(["GET", "POST"])
def signaler(request: HttpRequest) -> HttpResponse:
    """The operator: one event, n files. The page lists who was told, never what they wrote."""
    form = forms.SignalerAuxResponsables(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            evenement = services.signaler_aux_responsables(request.user, **form.valeurs())
        except ErreurMetier as refus:
            forms.porter_l_instant(form, refus)
        else:
            annoncer(request, f"L’événement {evenement.reference} est signalé à chaque entité.")
            return HttpResponseRedirect(reverse("rgpd_signaler"))
    return repondre(
        request, "rgpd/signaler.html", {"evenements": queries.evenements(), "maintenant": now()}, form
    )
