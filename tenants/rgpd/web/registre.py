"""The register of processings, on screen and on paper."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme import pdf
from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.web.annonces import annoncer
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import porter, repondre
from tenants.rgpd import queries
from tenants.rgpd.rules.traitements import TRAITEMENTS
from tenants.rgpd.services import registre as services
from tenants.rgpd.services.commun import RgpdRefuse
from tenants.rgpd.web import forms

GABARITS = Path(__file__).resolve().parents[1] / "pdf"


def rendre_le_papier(gabarit: str, donnees: dict[str, Any], nom: str) -> HttpResponse:
    octets = pdf.composer(GABARITS / gabarit, donnees)
    return fichier(octets, "application/pdf", f"{nom}-{today():%Y-%m-%d}.pdf")


@acces("rgpd.espace.voir")
@require_GET
def registre(request: HttpRequest) -> HttpResponse:
    fiches = queries.registre(queries.organisme_courant())
    manquent = len(set(TRAITEMENTS) - {f.fiche.code for f in fiches})
    return render(request, "rgpd/registre.html", {"fiches": fiches, "manquent": manquent})


@acces("rgpd.registre.tenir")
@require_POST
def preremplir(request: HttpRequest) -> HttpResponse:
    nombre = services.preremplir(request.user)
    annoncer(
        request,
        f"{nombre} fiche{'s' if nombre > 1 else ''} ajoutée{'s' if nombre > 1 else ''}. Relisez-les avant de les signer.",
    )
    return HttpResponseRedirect(reverse("rgpd_registre"))


def _dire(contenu: dict[str, str]) -> list[tuple[str, str]]:
    return [(libelle, contenu.get(code, "")) for code, libelle in services.RUBRIQUES]


@acces("rgpd.espace.voir")
@require_GET
def fiche(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _page(request, cle)


def _page(request: HttpRequest, cle: UUID, statut: int = 200, refus: str = "") -> HttpResponse:
    lue = queries.fiche(queries.organisme_courant(), cle)
    contexte = {"lue": lue, "rubriques": _dire(lue.derniere.contenu), "refus": refus}
    return render(request, "rgpd/fiche.html", contexte, status=statut)


@acces("rgpd.registre.tenir")
@require_http_methods(["GET", "POST"])
def ajouter(request: HttpRequest) -> HttpResponse:
    form = forms.AjouterUneFiche(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ligne = services.ajouter(
                request.user, intitule=form.cleaned_data["intitule"], contenu=form.contenu
            )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "La fiche est ajoutée au registre.")
            return HttpResponseRedirect(reverse("rgpd_fiche", args=[ligne.pk]))
    return repondre(request, "rgpd/fiche_ecrire.html", {"retour": reverse("rgpd_registre")}, form)


@acces("rgpd.registre.tenir")
@require_http_methods(["GET", "POST"])
def reecrire(request: HttpRequest, cle: UUID) -> HttpResponse:
    """The next version, from the last one; the dictionary of today is shown beside."""
    lue = queries.fiche(queries.organisme_courant(), cle)
    depart = {**lue.derniere.contenu, "depuis": lue.derniere.rang}
    form = forms.ReecrireUneFiche(request.POST or None, initial=depart)
    if request.method == "POST" and form.is_valid():
        try:
            services.reecrire(
                request.user, cle, contenu=form.contenu, motif=form.cleaned_data["motif"], depuis=form.cleaned_data["depuis"]
            )  # fmt: skip
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "La nouvelle version est écrite. Elle attend ses signatures.")
            return HttpResponseRedirect(reverse("rgpd_fiche", args=[cle]))
    code = lue.fiche.code
    contexte = {
        "lue": lue,
        "categories": list(queries.categories(code).items()) if code in TRAITEMENTS else [],
        "retour": reverse("rgpd_fiche", args=[cle]),
    }
    return repondre(request, "rgpd/fiche_ecrire.html", contexte, form)


@acces("rgpd.registre.signer")
@require_POST
def signer(request: HttpRequest, cle: UUID) -> HttpResponse:
    rang = request.POST.get("rang", "")
    try:
        services.signer(request.user, cle, rang=int(rang) if rang.isdecimal() and len(rang) < 6 else 0)
    except RgpdRefuse as refus:
        return _page(request, cle, refus.statut, refus.message)
    annoncer(request, "La fiche est signée.")
    return HttpResponseRedirect(reverse("rgpd_fiche", args=[cle]))


@acces("rgpd.registre.tenir")
@require_POST
def retirer(request: HttpRequest, cle: UUID) -> HttpResponse:
    services.retirer(request.user, cle)
    annoncer(request, "La fiche est retirée du registre. Ses versions sont gardées.")
    return HttpResponseRedirect(reverse("rgpd_registre"))


@acces("rgpd.espace.voir")
@require_GET
def papier(_request: HttpRequest) -> HttpResponse:
    organisme = queries.organisme_courant()
    fiches = [
        {
            "intitule": f.fiche.intitule,
            "version": f.derniere.rang,
            "redigee": f.derniere.redigee_a.date(),
            "signatures": [{"role": s.role, "le": s.signee_a.date()} for s in f.derniere.signatures.all()],
            "rubriques": [{"titre": t, "texte": v or "–"} for t, v in _dire(f.derniere.contenu)],
        }
        for f in queries.registre(organisme)
    ]
    donnees = {"organisme": organisme.raison_sociale, "jour": today(), "fiches": fiches}
    return rendre_le_papier("registre.typ", donnees, "registre-des-traitements")
