"""A session opened by a provider lives and ends with the provider's."""

from collections.abc import Callable
from functools import cached_property

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from plateforme.audit.journal import noter
from plateforme.identity.oidc import session


class SessionDuFournisseur:
    """Only on a structure's host, and only where a provider opened the session: elsewhere it costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    @cached_property
    def _sans_demander(self) -> frozenset[str]:
        noms = ("deconnexion", "psc_arrivee", "oidc_retour")
        return frozenset(reverse(nom, urlconf=settings.URLCONF_STRUCTURE) for nom in noms)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "structure", None) is None or not request.session.get(session.CLE):
            return self.get_response(request)
        # A page that refreshes itself is nobody's activity; an answer of the provider, or a sign-out, asks it nothing.
        if (
            request.path not in self._sans_demander
            and request.headers.get("X-Rafraichissement") != "1"
            and (session.rafraichir_si_besoin(request) is session.Issue.REFUSEE)
        ):
            return self._fermer(request)
        return self.get_response(request)

    def _fermer(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            cle = request.session[session.CLE]["f"]
            noter("identity.oidc.fermeture", acteur_id=request.user.pk, fournisseur=cle[:4], motif="refus")
            logout(request)
        if request.path.startswith("/api/"):
            return self.get_response(request)  # nobody now: the API answers for itself
        suite = request.get_full_path() if request.method == "GET" else ""
        adresse = f"{reverse('connexion')}?{urlencode({'expiree': '1', 'suite': suite})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": adresse})
        return HttpResponseRedirect(adresse)
