"""Screens of the structure's own providers."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.identity.models import FournisseurOidc
from plateforme.identity.oidc import adresses, configuration
from plateforme.tenancy.courant import exiger_courant
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter, repondre


class FournisseurForm(Formulaire, forms.Form):
    nom = forms.CharField(
        label="Nom montré à la connexion", max_length=80, help_text="Par exemple « Compte de l’association »."
    )
    issuer = forms.CharField(
        label="Émetteur", max_length=300, help_text="L’adresse exacte, telle que le fournisseur la publie."
    )
    decouverte = forms.CharField(
        label="Document de découverte",
        max_length=400,
        required=False,
        help_text="Vide : l’adresse habituelle, sous l’émetteur.",
    )
    client_id = forms.CharField(label="Identifiant du service", max_length=200)
    secret = forms.CharField(
        label="Secret du service",
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Gardé chiffré, jamais réaffiché. Vide : inchangé.",
    )
    scopes = forms.CharField(label="Portées demandées", max_length=200, initial="openid profile")
    revendication = forms.RegexField(
        r"^[A-Za-z_][A-Za-z0-9_.-]{0,59}$",
        label="Revendication qui identifie",
        initial="sub",
        help_text="« sub » sauf indication du fournisseur : elle ne doit jamais changer pour une personne.",
        error_messages={"invalid": "Donnez le nom d’une revendication, par exemple « sub »."},
    )
    acr = forms.CharField(
        label="Niveaux admis (acr)", max_length=300, required=False, help_text="Séparés par des espaces."
    )
    amr = forms.CharField(
        label="Facteurs exigés (amr)",
        max_length=200,
        required=False,
        help_text="Par exemple « mfa ». Tous sont exigés.",
    )
    second_facteur_local = forms.BooleanField(
        label="Sinon, demander ici le second facteur du compte Treille", required=False
    )
    actif = forms.BooleanField(label="Proposer à la connexion", required=False)

    def clean_scopes(self) -> str:
        scopes: str = self.cleaned_data["scopes"]
        if "openid" not in scopes.split():
            raise forms.ValidationError("Les portées comprennent toujours « openid ».")
        return scopes


_CHAMPS = (
    "nom", "issuer", "decouverte", "client_id", "scopes", "revendication", "acr", "amr", "second_facteur_local", "actif",
)  # fmt: skip


@acces("identity.fournisseur.configurer")
@never_cache
@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    return render(request, "oidc/fournisseurs.html", {"fournisseurs": FournisseurOidc.objects.all()})


def _contexte(request: HttpRequest, ligne: FournisseurOidc) -> dict[str, Any]:
    slug = exiger_courant().slug
    return {
        "fournisseur": ligne,
        "nouveau": ligne._state.adding,
        "retour": adresses.de_structure(request, slug, reverse("oidc_retour")),
        "fin": adresses.de_structure(request, slug, reverse("connexion")),
        "arriere": adresses.de_structure(request, slug, reverse("oidc_arriere", args=[ligne.pk])),
    }


def _formulaire(request: HttpRequest, ligne: FournisseurOidc) -> HttpResponse:
    compte: Any = request.user
    if request.method == "GET":
        initial = {} if ligne._state.adding else {nom: getattr(ligne, nom) for nom in _CHAMPS}
        return repondre(
            request, "oidc/fournisseur.html", _contexte(request, ligne), FournisseurForm(initial=initial)
        )
    form = FournisseurForm(request.POST)
    if form.is_valid():
        try:
            configuration.enregistrer(ligne, dict(form.cleaned_data), compte)
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            annoncer(request, "Le fournisseur d’identité est enregistré.")
            return HttpResponseRedirect(reverse("fournisseur_oidc", args=[ligne.pk]))
    return repondre(request, "oidc/fournisseur.html", _contexte(request, ligne), form)


@acces("identity.fournisseur.configurer")
@never_cache
@require_http_methods(["GET", "POST"])
def nouveau(request: HttpRequest) -> HttpResponse:
    return _formulaire(request, FournisseurOidc())


@acces("identity.fournisseur.configurer")
@never_cache
@require_http_methods(["GET", "POST"])
def modifier(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _formulaire(request, configuration.trouver(cle))


@acces("identity.fournisseur.configurer")
@never_cache
@require_POST
def essayer(request: HttpRequest, cle: UUID) -> HttpResponse:
    compte: Any = request.user
    ligne = configuration.trouver(cle)
    essai = configuration.essayer(ligne, compte)
    initial = {nom: getattr(ligne, nom) for nom in _CHAMPS}
    contexte = {**_contexte(request, ligne), "essai": essai}
    return repondre(request, "oidc/fournisseur.html", contexte, FournisseurForm(initial=initial))
