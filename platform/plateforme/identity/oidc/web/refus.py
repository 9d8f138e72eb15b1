"""A refusal is one page, one line in the journal, and nothing else has changed."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plateforme.audit.journal import noter
from plateforme.identity.oidc.erreurs import FournisseurInjoignable, RefusOidc, SansCompte
from plateforme.identity.services.entree import EntreeImpossible
from plateforme.tenancy.courant import exiger_courant

logger = logging.getLogger(__name__)
Vue = Callable[..., HttpResponse]


Refus = RefusOidc | FournisseurInjoignable | SansCompte | EntreeImpossible


def page(request: HttpRequest, erreur: Refus) -> HttpResponse:
    motif = getattr(
        erreur, "motif", "identite-a-verifier" if isinstance(erreur, EntreeImpossible) else "sans-compte"
    )
    with transaction.atomic():
        noter("identity.oidc.refus", motif=motif)
    logger.warning("connexion par un fournisseur refusée", extra={"code": motif})
    sur_le_reseau = not exiger_courant().est_une_structure
    contexte = {
        "phrase": erreur.message,
        "injoignable": isinstance(erreur, FournisseurInjoignable),
        "sans_compte": isinstance(erreur, SansCompte),
        "motif": motif,
        # The structure the person came from, when this browser's attempt said so.
        "retour": getattr(request, "oidc_retour", "") or ("" if sur_le_reseau else reverse("connexion")),
    }
    return render(request, "oidc/refus.html", contexte, status=erreur.statut)


def avec_refus(vue: Vue) -> Vue:
    """Turn what the provider, or its silence, made impossible into the page that says so."""

    @wraps(vue)
    def entouree(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return vue(request, *args, **kwargs)
        except (RefusOidc, FournisseurInjoignable, SansCompte, EntreeImpossible) as erreur:
            return page(request, erreur)

    return entouree
