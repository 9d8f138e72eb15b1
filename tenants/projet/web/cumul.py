"""Member by member: may this grant be added to those already there, and who said so."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.acces import acces
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import porter, repondre
from tenants.models import Grappe
from tenants.projet import queries
from tenants.projet.models import FinancementDeclare, Programme
from tenants.projet.rules.cumul import Verdict
from tenants.projet.services import cumul as services
from tenants.projet.web import forms
from tenants.projet.web.projet import ma_grappe, sans_grappe

MOTS = {
    Verdict.AUTORISE: ("ok", "check", "autorisé"),
    Verdict.AVIS_ARS: ("attention", "triangle-alert", "avis de l’ARS requis"),
    Verdict.INTERDIT: ("alerte", "x", "interdit"),
}


def _demande(request: HttpRequest, grappe: Grappe) -> tuple[Programme | None, str, forms.ChoisirLaDemande]:
    """Asked in the address, else the grappe's own project, else the first programme."""
    form = forms.ChoisirLaDemande(request.GET or None)
    if request.GET and form.is_valid():
        return form.cleaned_data["programme"], form.cleaned_data["objet"], form
    sien = grappe.projets.select_related("programme").filter(depuis__lte=today()).first()
    programme = sien.programme if sien else Programme.objects.order_by("nom").first()
    objet = sien.genre if sien else (programme.objets[0] if programme else "")
    depart = {"programme": programme.code if programme else "", "objet": objet}
    return programme, objet, forms.ChoisirLaDemande(initial=depart)


@acces("projet.grappe.conduire")
@require_GET
def cumul(request: HttpRequest) -> HttpResponse:
    sienne = ma_grappe(request)
    if sienne is None:
        return sans_grappe(request)
    programme, objet, form = _demande(request, sienne)
    lignes = queries.cumuls(queries.membres(sienne, today()), programme, objet, today()) if programme else []
    contexte = {
        "grappe": sienne,
        "programme": programme,
        "dit": queries.en_regle(programme).phrase(today()) if programme else "",
        "objet": objet,
        "suite": urlencode({"programme": programme.code, "objet": objet}) if programme else "",
        "lignes": [(ligne, *MOTS[ligne.verdict]) for ligne in lignes],
        "comptes": [
            (mot, ton, icone, n) for v, (ton, icone, mot) in MOTS.items() if (n := _compter(lignes, v))
        ],
    }
    return repondre(request, "projet/cumul.html", contexte, form)


def _compter(lignes: list[queries.LigneDeCumul], verdict: Verdict) -> int:
    return sum(ligne.verdict == verdict for ligne in lignes)


@acces("projet.grappe.conduire")
@require_http_methods(["GET", "POST"])
def cumul_d_un_membre(request: HttpRequest, structure_id: UUID) -> HttpResponse:
    """One member: the rules that speak, its fundings, the decisions; both forms on the page."""
    sienne = ma_grappe(request)
    if sienne is None:
        return sans_grappe(request)
    membre = next((m for m in queries.membres(sienne, today()) if m.structure.pk == structure_id), None)
    if membre is None:
        raise Introuvable("Cette structure n’est pas membre de votre grappe.")
    programme, objet, _ = _demande(request, sienne)
    assert programme is not None  # seeded by the data migration
    geste = request.POST.get("geste", "")
    declarer = forms.DeclarerUnFinancement(request.POST if geste == "declarer" else None, prefix="f")
    decider = forms.Decider(request.POST if geste == "decider" else None, prefix="d")
    form: Any = declarer if geste == "declarer" else decider
    if request.method == "POST" and form.is_valid():
        try:
            if geste == "declarer":
                services.declarer(request.user, structure_id, **form.cleaned_data)
            else:
                services.decider(
                    request.user, structure_id, programme=programme, objet=objet, **form.cleaned_data
                )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "C’est enregistré.")
            suite = urlencode({"programme": programme.code, "objet": objet})
            return HttpResponseRedirect(f"{reverse('cumul_membre', args=[structure_id])}?{suite}")
    ligne = queries.cumuls([membre], programme, objet, today())[0]
    ton, icone, mot = MOTS[ligne.verdict]
    contexte = {
        "ligne": ligne,
        "ton": ton,
        "icone_verdict": icone,
        "mot": mot,
        "avis": [(a, *MOTS[a.verdict]) for a in ligne.avis],
        "programme": programme,
        "libelle_objet": dict(FinancementDeclare.Objet.choices).get(objet, objet),
        "declarer": declarer,
        "decider": decider,
        "retour": f"{reverse('cumul')}?{urlencode({'programme': programme.code, 'objet': objet})}",
    }
    return repondre(request, "projet/cumul_membre.html", contexte, form)
