"""Refuses what nobody declared, sends the unknown to the sign-in page, and the known-but-not-entitled to a 403."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from plateforme.audit.journal import ACTION
from plateforme.habilitations.acces import LIBRE, action_de
from plateforme.habilitations.decision import decider
from plateforme.habilitations.registre import action
from plateforme.habilitations.support import est_du_support
from plateforme.tenancy.masque import masquer

# The only thing a support session may send: it leaves.
_SORTIE = "deconnexion"
_LECTURES = frozenset({"GET", "HEAD", "OPTIONS"})


class SessionMasquee:
    """Around the journal: a support session reads through the mask, from here to the last byte of the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Set by ``observability.Acteur`` where somebody is signed in: an anonymous page costs no query.
        if getattr(request, "acteur_id", None) is None or not est_du_support(request.user):
            return self.get_response(request)
        with masquer():
            reponse = self.get_response(request)
        if reponse.streaming:
            raise PermissionDenied("Une session de support ne lit pas de fichier.")
        return reponse


class RefusParDefaut:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, vue: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        code = action_de(vue)
        # Anonymous: nobody to ask, and no query for it.
        en_support = getattr(request, "acteur_id", None) is not None and est_du_support(request.user)
        if en_support and not _permis_au_support(request, code):
            ACTION.set(code if code not in (None, LIBRE) else "")  # the try is on record
            raise PermissionDenied("Cette session de support est en lecture seule.")
        # An operation answers for itself, in problem+json, closed by default: see plateforme.api.racine.
        if code is None and request.resolver_match and request.resolver_match.namespace == "api":
            return None
        if code == LIBRE:
            return None
        ACTION.set(code or "")
        if code is None:
            raise PermissionDenied("Cette page n’a déclaré aucun droit : elle reste fermée.")
        if not request.user.is_authenticated:
            return _vers_la_connexion(request)
        decision = decider(request.user, code)
        if not decision:
            raise PermissionDenied(decision.motif)
        if action(code).elevation:
            from plateforme.identity import elevation

            return elevation.demander(request)
        return None


def _permis_au_support(request: HttpRequest, code: str | None) -> bool:
    """Whatever a route declares, nothing is written; what is open to anybody is not a way round, but the way out."""
    nom = request.resolver_match.url_name if request.resolver_match else ""
    if code == LIBRE:
        return nom == _SORTIE or (request.method in _LECTURES and nom in ("livez", "readyz"))
    return request.method in _LECTURES


def _vers_la_connexion(request: HttpRequest) -> HttpResponse:
    """What was being typed when the session ended waits on the sign-in page, for the same person."""
    session: Any = request.session
    adresse = f"{reverse('connexion')}?suite={quote(request.get_full_path())}"
    if getattr(session, "perdue", False):
        adresse += "&expiree=1"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": adresse})
    if request.method == "POST" and (fin := getattr(session, "expiree", None)) is not None:
        from plateforme.identity.web.connexion import page_de_connexion
        from plateforme.identity.web.outils import garder_la_saisie

        if reprise := garder_la_saisie(request, fin.compte_id):
            return page_de_connexion(request, expiree=True, reprise=reprise, statut=401)
    return HttpResponseRedirect(adresse)
