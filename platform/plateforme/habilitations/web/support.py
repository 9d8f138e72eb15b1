"""Support: granted and withdrawn by the structure, entered by an operator the network knows."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.errors import Introuvable
from plateforme.habilitations import queries
from plateforme.habilitations.acces import acces, acces_libre
from plateforme.habilitations.decision import peut
from plateforme.habilitations.services import support as services
from plateforme.habilitations.web.onglets import onglets
from plateforme.identity.oidc import adresses
from plateforme.identity.oidc.passages import empreinte_du_navigateur, secret_de_navigateur
from plateforme.tenancy.courant import exiger_courant
from plateforme.tenancy.repertoire import repertoire
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter, repondre

_EMPREINTE = re.compile(r"[0-9a-f]{64}")
_SLUG = re.compile(r"[a-z0-9-]{1,63}")


class Demande(Formulaire, forms.Form):
    objet = forms.CharField(
        label="Ce que le support doit regarder",
        max_length=200,
        help_text="Par exemple\u00a0: la tournée du matin ne s’affiche pas. Aucun nom d’usager.",
    )
    heures = forms.TypedChoiceField(
        label="Pendant",
        coerce=int,
        choices=[(h, f"{h} heure{'s' if h > 1 else ''}") for h in services.HEURES],
        initial=1,
    )


@acces(services.VOIR)
@require_GET
def registre(request: HttpRequest) -> HttpResponse:
    contexte = {
        "onglets": onglets(request, "support"),
        "sessions": queries.sessions_de_support(),
        "peut_accorder": peut(request.user, services.ACCORDER),
        "peut_retirer": peut(request.user, services.RETIRER),
    }
    return render(request, "habilitations/support.html", contexte)


@acces(services.ACCORDER)
@never_cache
@require_http_methods(["GET", "POST"])
def accorder(request: HttpRequest) -> HttpResponse:
    form = Demande(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accord = services.accorder(request.user, **form.cleaned_data)
        except services.SupportRefuse as refus:
            porter(form, refus)
        else:
            contexte = {"accord": accord, "adresse": request.build_absolute_uri(reverse("support_entrer"))}
            return render(request, "habilitations/support_code.html", contexte)
    return repondre(request, "habilitations/support_accorder.html", {}, form)


@acces(services.RETIRER)
@require_POST
def retirer(request: HttpRequest, cle: UUID) -> HttpResponse:
    services.retirer(request.user, cle)
    annoncer(request, "La session de support est retirée, dès maintenant.")
    return HttpResponseRedirect(reverse("support"))


# -- the operator's way in -------------------------------------------------------------------------
def _cookie() -> str:
    return "__Host-treille_support" if settings.SESSION_COOKIE_SECURE else "treille_support"


@acces_libre
@never_cache
@require_GET
def depart(request: HttpRequest) -> HttpResponse:
    """To the network, which knows its operators; this browser keeps a secret until it comes back."""
    secret = secret_de_navigateur()
    params = {"structure": exiger_courant().slug, "navigateur": empreinte_du_navigateur(secret)}
    chemin = reverse("support_passage", urlconf=settings.ROOT_URLCONF)
    reponse = HttpResponseRedirect(adresses.du_reseau(request, f"{chemin}?{urlencode(params)}"))
    reponse.set_cookie(
        _cookie(),
        secret,
        max_age=int(services.DUREE_DU_PASSAGE.total_seconds()),
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )
    return reponse


@acces(services.ENTRER)
@never_cache
@require_GET
def passage(request: HttpRequest) -> HttpResponse:
    """On the network's host, for an operator: a reference for one structure and one browser."""
    slug, navigateur = request.GET.get("structure", ""), request.GET.get("navigateur", "")
    contexte = repertoire().par_hote(f"{slug}.{settings.TREILLE_DOMAINE}") if _SLUG.fullmatch(slug) else None
    if contexte is None or contexte.structure_id is None or not _EMPREINTE.fullmatch(navigateur):
        raise Introuvable("Cette structure n’est pas ouverte.")
    jeton = services.emettre(request.user, structure_id=contexte.structure_id, navigateur=navigateur)
    chemin = reverse("support_entrer", urlconf=settings.URLCONF_STRUCTURE)
    return HttpResponseRedirect(
        adresses.de_structure(request, contexte.slug, f"{chemin}?{urlencode({'jeton': jeton})}")
    )


@acces_libre
@never_cache
@require_http_methods(["GET", "POST"])
def entrer(request: HttpRequest) -> HttpResponse:
    """The code, once the network said who asks. Says nothing to anybody else, whether a grant exists or not."""
    jeton = (request.POST if request.method == "POST" else request.GET).get("jeton", "")[:2000]
    contexte: dict[str, Any] = {"jeton": "", "refus": ""}
    if jeton:
        secret = request.COOKIES.get(_cookie(), "")
        try:
            if request.method == "POST":
                services.entrer(
                    request, jeton=jeton, code=request.POST.get("code", "")[:40], secret_du_navigateur=secret
                )
                reponse = HttpResponseRedirect("/")
                reponse.delete_cookie(_cookie())
                return reponse
            services.lire(jeton, secret)
            contexte["jeton"] = jeton
        except services.SupportRefuse as refus:
            contexte["refus"] = refus.message
    statut = 422 if contexte["refus"] else 200
    return render(request, "habilitations/support_entrer.html", contexte, status=statut)
