"""The grappe's project: is it large enough, who consents, what it asks, what it filed."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import porter, repondre
from tenants.models import Adhesion, Grappe
from tenants.projet import queries
from tenants.projet.models import Programme
from tenants.projet.services import membres as services
from tenants.projet.web import forms
from tenants.queries import grappe_de


def ma_grappe(request: HttpRequest) -> Grappe | None:
    return grappe_de(getattr(request.user, "grappe_id", None))


def sans_grappe(request: HttpRequest) -> HttpResponse:
    return render(request, "tenants/sans_grappe.html")


def _page(request: HttpRequest, grappe: Grappe) -> HttpResponse:
    jour = today()
    lus = queries.membres(grappe, jour)
    bilan = queries.bilan(lus, jour)
    depots = list(queries.depots(grappe))
    types = list(grappe.projets.select_related("programme"))
    noms = {m.region.code: m.region.nom for m in lus if m.region}
    return render(
        request,
        "projet/projet.html",
        {
            "grappe": grappe,
            "jour": jour,
            "bilan": bilan,
            "membres": lus,
            "regions": [noms[code] for code in bilan.regions],
            "consentis": sum(m.consentement is not None for m in lus),
            "hors": sum(not m.compte for m in lus),
            "seuils": queries.seuils(jour),
            "types": types,
            "en_cours": next((t for t in types if t.depuis <= jour), None),
            "depots": depots,
            "conduit": peut(request.user, "projet.grappe.conduire"),
            "bandeau": f"Vous voyez le projet d’une grappe, {grappe.nom}. Aucune donnée d’usager n’est visible ici.",
        },
    )


@acces("projet.grappe.voir")
@require_GET
def projet(request: HttpRequest) -> HttpResponse:
    sienne = ma_grappe(request)
    return _page(request, sienne) if sienne else sans_grappe(request)


@acces("projet.referentiel.tenir")
@require_GET
def projet_d_une_grappe(request: HttpRequest, grappe_id: UUID) -> HttpResponse:
    """The operator's view, of any grappe."""
    return _page(request, get_object_or_404(Grappe.objects.select_related("porteur"), pk=grappe_id))


@acces("projet.grappe.conduire")
@require_http_methods(["GET", "POST"])
def consentement(request: HttpRequest, adhesion_id: UUID) -> HttpResponse:
    """Record a consent, or its withdrawal when there is one."""
    qui: Any = request.user
    adhesion = (
        Adhesion.objects.filter(pk=adhesion_id, grappe_id=qui.grappe_id).select_related("structure").first()
    )
    if adhesion is None:
        raise Introuvable("Cette structure n’est pas membre de votre grappe.")
    passes = list(adhesion.consentements.all())
    en_cours = next((c for c in passes if c.retire_le is None), None)
    form = (
        forms.RetirerLeConsentement(request.POST or None, initial={"retire_le": today()})
        if en_cours
        else forms.Consentir(request.POST or None, initial={"donne_le": today()})
    )
    if request.method == "POST" and form.is_valid():
        acte = services.retirer_le_consentement if en_cours else services.consentir
        try:
            acte(request.user, adhesion_id, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "Le retrait est enregistré." if en_cours else "Le consentement est enregistré.")
            return HttpResponseRedirect(reverse("projet"))
    contexte = {"adhesion": adhesion, "en_cours": en_cours, "passes": passes}
    return repondre(request, "projet/consentement.html", contexte, form)


def _formulaire(
    request: HttpRequest, form: Any, acte: Any, annonce: str, gabarit: str, contexte: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            acte(request.user, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, annonce)
            return HttpResponseRedirect(reverse("projet"))
    return repondre(request, gabarit, contexte, form)


@acces("projet.grappe.conduire")
@require_http_methods(["GET", "POST"])
def type_de_projet(request: HttpRequest) -> HttpResponse:
    if ma_grappe(request) is None:
        return sans_grappe(request)
    form = forms.FixerLeType(request.POST or None, initial={"depuis": today()})
    return _formulaire(
        request, form, services.fixer_le_type, "Le type de projet est enregistré.", "projet/type.html", {}
    )


@acces("projet.grappe.conduire")
@require_http_methods(["GET", "POST"])
def depot(request: HttpRequest) -> HttpResponse:
    sienne = ma_grappe(request)
    if sienne is None:
        return sans_grappe(request)
    lus = [m for m in queries.membres(sienne, today()) if m.consentement is not None]
    contexte = {"bilan": queries.bilan(lus, today()) if lus else None, "consentis": len(lus)}
    premier = Programme.objects.filter(projets__grappe=sienne).first()
    form = forms.Deposer(request.POST or None, initial={"depose_le": today(), "programme": premier})
    annonce = "Le dépôt est enregistré\u00a0: la liste ne change plus."
    return _formulaire(request, form, services.deposer, annonce, "projet/deposer.html", contexte)
