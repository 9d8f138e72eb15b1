"""A session opened by a provider lives and ends with the provider's."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from plateforme.audit.journal import noter
from plateforme.identity.oidc import adresses, session
from plateforme.identity.oidc.fournisseurs import PSC

SEL_DE_SORTIE = "treille.sortie.psc"


class SessionDuFournisseur:
    """Only on a structure's host, and only where a provider opened the session: elsewhere it costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "structure", None) is None or not request.session.get(session.CLE):
            return self.get_response(request)
        if request.path == reverse("deconnexion") and request.method == "POST":
            return self._sortir(request)
        # A page that refreshes itself is nobody's activity.
        if request.headers.get("X-Rafraichissement") != "1" and (
            session.rafraichir_si_besoin(request) is session.Issue.REFUSEE
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

    def _sortir(self, request: HttpRequest) -> HttpResponse:
        """Local sign-out by its own view, then a page that leads to the provider's.

        A page and not a redirect: ``form-action 'self'`` forbids a form to end on another site.
        """
        slug = request.structure.slug  # type: ignore[attr-defined]
        est_psc = request.session[session.CLE]["f"] == PSC
        retour = (
            adresses.du_reseau(request, reverse("psc_fin", urlconf=settings.ROOT_URLCONF))
            if est_psc
            else adresses.de_structure(request, slug, reverse("connexion"))
        )
        etat = signing.dumps(slug, salt=SEL_DE_SORTIE)
        vers = session.adresse_de_sortie(request, retour, etat)
        reponse = self.get_response(request)
        if not vers or reponse.status_code != 302:
            return reponse
        nom = "Pro Santé Connect" if est_psc else "votre fournisseur d’identité"
        page = render(request, "oidc/transit.html", {"vers": vers, "sortie": True, "nom": nom})
        for entete, valeur in reponse.items():
            if entete not in ("Location", "Content-Type", "Content-Length"):
                page[entete] = valeur
        page.cookies = reponse.cookies
        return page
