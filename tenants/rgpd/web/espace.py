"""The space itself: where things stand, the DPD, the dictionary, the retention schedule."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.tableurs import ecrire_csv
from plateforme.web.annonces import annoncer
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import porter
from tenants.rgpd import queries
from tenants.rgpd.rules.dictionnaire import Nature
from tenants.rgpd.rules.traitements import TRAITEMENTS
from tenants.rgpd.services import dpd as services
from tenants.rgpd.web import forms

PAR_PAGE = 60
NATURES = {
    Nature.TECHNIQUE: ("", "technique"),
    Nature.PERSONNELLE: ("info", "personnelle"),
    Nature.SANTE: ("attention", "santé"),
    Nature.NIR: ("alerte", "identité de santé"),
}


@acces("rgpd.espace.voir")
@require_GET
def espace(request: HttpRequest) -> HttpResponse:
    organisme = queries.organisme_courant()
    fiches, analyses = queries.registre(organisme), queries.analyses(organisme)
    designations = queries.designations(organisme)
    return render(
        request,
        "rgpd/espace.html",
        {
            "organisme": organisme,
            "dpd": next((d for d in designations if d.jusqu_au is None), None),
            "fiches": len(fiches),
            "signees": sum(f.signee for f in fiches),
            "perimees": sum(not f.a_jour for f in fiches),
            "aipd": analyses[0] if analyses else None,
            "validee": next((a for a in analyses if a.decision == "validee"), None),
            "jour": today(),
            "violations": queries.violations(organisme, ouvertes=True),
        },
    )


@acces("rgpd.espace.voir")
@require_GET
def dictionnaire(request: HttpRequest) -> HttpResponse:
    """What the product keeps, field by field; ``?format=csv`` for the spreadsheet."""
    choisi = request.GET.get("traitement", "")
    nature = request.GET.get("nature", "")
    choisi = choisi if choisi in TRAITEMENTS else ""
    entrees = queries.dictionnaire(choisi)
    if nature in Nature.__members__.values():
        entrees = [e for e in entrees if e.nature == nature]
    else:
        nature = ""
    if request.GET.get("format") == "csv":
        return _csv(entrees)
    durees = {r.code: r.donnee for r in queries.conservation(today())}
    page = Paginator(entrees, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "lignes": [(e, *NATURES[e.nature], [durees[c] for c in e.conservation if c in durees]) for e in page],
        "traitements": TRAITEMENTS.values(),
        "choisi": choisi,
        "natures": [(n.value, mot) for n, (_, mot) in NATURES.items()],
        "nature": nature,
    }
    return render(request, "rgpd/dictionnaire.html", contexte)


def _csv(entrees: list[queries.Entree]) -> HttpResponse:
    durees = {r.code: r for r in queries.conservation(today())}
    octets = ecrire_csv(
        ["Traitement", "Table", "Champ", "Libellé", "Nature", "Finalité", "Destinataires", "Conservation"],
        [
            (
                e.traitement.intitule, e.champ.libelle_modele, e.champ.nom, e.champ.libelle, NATURES[e.nature][1],
                e.traitement.finalite, ", ".join(e.destinataires),
                ", ".join(durees[c].active for c in e.conservation if c in durees),
            )
            for e in entrees
        ],
    )  # fmt: skip
    return fichier(octets, "text/csv; charset=utf-8", f"dictionnaire-{today():%Y-%m-%d}.csv")


@acces("rgpd.espace.voir")
@require_GET
def conservation(request: HttpRequest) -> HttpResponse:
    return render(
        request, "rgpd/conservation.html", {"regles": queries.conservation(today()), "jour": today()}
    )


@acces("rgpd.espace.voir")
@require_GET
def dpd(request: HttpRequest) -> HttpResponse:
    return _page_du_dpd(request)


def _page_du_dpd(request: HttpRequest, statut: int = 200, **formulaires: Any) -> HttpResponse:
    organisme = queries.organisme_courant()
    designations = queries.designations(organisme)
    contexte = {
        "organisme": organisme,
        "en_poste": next((d for d in designations if d.jusqu_au is None), None),
        "passees": [d for d in designations if d.jusqu_au is not None],
        "designer": forms.Designer(initial={"depuis": today()}),
        "donner_le_numero": forms.DonnerLeNumero(),
        "mettre_fin": forms.MettreFin(initial={"jusqu_au": today()}),
        **formulaires,
    }
    return render(request, "rgpd/dpd.html", contexte, status=statut)


_GESTES: dict[str, tuple[Any, Any, str]] = {
    "designer": (forms.Designer, services.designer, "La désignation est enregistrée."),
    "numero": (forms.DonnerLeNumero, services.donner_le_numero, "Le numéro est enregistré."),
    "fin": (forms.MettreFin, services.mettre_fin, "La fin de la désignation est enregistrée."),
}
_NOMS = {"designer": "designer", "numero": "donner_le_numero", "fin": "mettre_fin"}


@acces("rgpd.dpd.designer")
@require_http_methods(["POST"])
def designer(request: HttpRequest) -> HttpResponse:
    """``geste``: designate, give the number, end. A refusal comes back on the page, what was typed is kept."""
    geste = request.POST.get("geste", "designer")
    classe, acte, annonce = _GESTES.get(geste, _GESTES["designer"])
    form: Any = classe(request.POST)
    if form.is_valid():
        try:
            acte(request.user, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, annonce)
            return HttpResponseRedirect(reverse("rgpd_dpd"))
    return _page_du_dpd(request, 422, **{_NOMS.get(geste, "designer"): form})
