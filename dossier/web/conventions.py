"""Links set by the direction outside any one dossier: sectors of a responsable, conventions with partners."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dossier.models import Secteur
from dossier.queries import conventions as lectures
from dossier.services import confidentialite, conventions
from dossier.services.confidentialite import ReglageRefuse
from plateforme.core.clock import bornes_du_jour
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.habilitations.roles import PARTENAIRE, RESPONSABLE
from plateforme.identity.models import Compte
from plateforme.identity.registres import BlocDeCompte, inscrire_bloc_de_compte
from plateforme.web import registres
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter, repondre

RATTACHER = "dossier.rattachement.regler"


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    registres.inscrire_rail(
        registres.EntreeRail(
            "conventions", "Conventions", "handshake", "conventions", 84, "dossier.convention.voir", "Gestion"
        )
    )
    inscrire_bloc_de_compte(
        BlocDeCompte("secteurs", 10, "identity.equipe.voir", "dossier/_secteurs_du_compte.html", _bloc)
    )


def _bloc(request: HttpRequest, compte: Any) -> dict[str, Any] | None:
    if compte.role != RESPONSABLE:
        return None
    return {
        "compte": compte,
        "rattachements": lectures.rattachements_de(compte),
        "peut_regler": peut(request.user, RATTACHER),
    }


# -- sectors of a responsable ----------------------------------------------------------------------
class Secteurs(Formulaire, forms.Form):
    toute_la_structure = forms.BooleanField(
        label="Toute la structure",
        required=False,
        help_text="Tous les dossiers, quel que soit leur secteur, et ceux qui n’en ont pas.",
    )
    secteurs: Any = forms.ModelMultipleChoiceField(
        label="Secteurs", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secteurs"].queryset = Secteur.objects.order_by("nom")  # type: ignore[attr-defined]


@acces(RATTACHER)
@require_http_methods(["GET", "POST"])
def secteurs(request: HttpRequest, cle: UUID) -> HttpResponse:
    compte = Compte.objects.filter(pk=cle).first()
    if compte is None:
        raise Http404
    retour = HttpResponseRedirect(reverse("compte_equipe", args=[cle]))
    if compte.role != RESPONSABLE:
        annoncer(request, "Seul un responsable de secteur se rattache à des secteurs.")
        return retour
    actuels = lectures.rattachements_de(compte)
    initial = {
        "toute_la_structure": any(r.secteur_id is None for r in actuels),
        "secteurs": [r.secteur_id for r in actuels if r.secteur_id],
    }
    form = Secteurs(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        try:
            confidentialite.rattacher(
                request.user,
                cle,
                secteurs=[s.pk for s in lus["secteurs"]],
                toute_la_structure=lus["toute_la_structure"],
            )
        except ReglageRefuse as refus:
            porter(form, refus)
        else:
            annoncer(request, f"Les secteurs de {compte.nom_complet} sont à jour, dès maintenant.")
            return retour
    return repondre(request, "dossier/secteurs_du_compte.html", {"compte": compte}, form)


# -- conventions -----------------------------------------------------------------------------------
class Convention(Formulaire, forms.Form):
    partenaire = forms.CharField(label="Partenaire", max_length=150, help_text="Le service ou le cabinet.")
    objet = forms.CharField(label="Pour quoi", max_length=200)
    soins = forms.BooleanField(
        label="Données de santé comprises",
        required=False,
        help_text="Elles ne s’ouvrent que si la personne y a aussi consenti.",
    )
    au = forms.DateField(
        label="Jusqu’au", required=False, help_text="Ce jour compris. Vide\u00a0: sans fin prévue."
    )


class Inscription(Formulaire, forms.Form):
    compte: Any = forms.ModelChoiceField(label="Compte du partenaire", queryset=None, empty_label="Choisir")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compte"].queryset = Compte.objects.filter(  # type: ignore[attr-defined]
            actif=True, role=PARTENAIRE
        ).order_by("cle_tri")


@acces("dossier.convention.voir")
@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    vues = lectures.conventions()
    contexte = {
        "en_cours": [v for v in vues if not v.finie],
        "finies": [v for v in vues if v.finie],
        "peut_regler": peut(request.user, conventions.REGLER),
    }
    return render(request, "dossier/conventions.html", contexte)


@acces(conventions.REGLER)
@require_http_methods(["GET", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    form = Convention(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        fin = bornes_du_jour(lus["au"])[1] if lus["au"] else None
        try:
            ligne = conventions.ouvrir(request.user, **{**lus, "au": fin})
        except ReglageRefuse as refus:
            porter(form, refus)
        else:
            annoncer(request, "La convention est ouverte. Inscrivez maintenant les comptes du partenaire.")
            return HttpResponseRedirect(reverse("convention", args=[ligne.pk]))
    return repondre(request, "dossier/convention_nouvelle.html", {}, form)


def _fiche(request: HttpRequest, cle: UUID, form: Inscription) -> HttpResponse:
    vues = lectures.conventions(cle)
    if not vues:
        raise Http404
    contexte = {
        "vue": vues[0],
        "membres": lectures.membres(cle),
        "peut_regler": peut(request.user, conventions.REGLER) and not vues[0].finie,
    }
    return repondre(request, "dossier/convention.html", contexte, form)


@acces("dossier.convention.voir")
@require_GET
def convention(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _fiche(request, cle, Inscription())


def _revenir(request: HttpRequest, cle: UUID, phrase: str) -> HttpResponse:
    annoncer(request, phrase)
    return HttpResponseRedirect(reverse("convention", args=[cle]))


@acces(conventions.REGLER)
@require_POST
def inscrire_partenaire(request: HttpRequest, cle: UUID) -> HttpResponse:
    form = Inscription(request.POST)
    if form.is_valid():
        try:
            conventions.inscrire(request.user, cle, compte_id=form.cleaned_data["compte"].pk)
        except ReglageRefuse as refus:
            porter(form, refus)
        else:
            return _revenir(request, cle, "Le partenaire est inscrit.")
    return _fiche(request, cle, form)


@acces(conventions.REGLER)
@require_POST
def retirer_partenaire(request: HttpRequest, cle: UUID, membre: UUID) -> HttpResponse:
    conventions.retirer(request.user, cle, membre)
    return _revenir(request, cle, "Le partenaire est retiré, dès maintenant.")


@acces(conventions.REGLER)
@require_POST
def finir(request: HttpRequest, cle: UUID) -> HttpResponse:
    conventions.finir(request.user, cle)
    return _revenir(request, cle, "La convention est terminée. Ses dossiers sont refermés à ce partenaire.")
