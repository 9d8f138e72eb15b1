"""« Mon compte », how one signs in; and the confirmations that wait for a person with the right."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from plateforme.audit.journal import noter
from plateforme.core.errors import Introuvable
from plateforme.habilitations.acces import acces
from plateforme.identity.base import Moyen
from plateforme.identity.models import EtatRapprochement, FournisseurOidc, LienOidc, RapprochementPsc
from plateforme.identity.oidc import fournisseurs, rapprochements
from plateforme.identity.oidc.erreurs import RapprochementRefuse
from plateforme.identity.oidc.web import structure
from plateforme.identity.oidc.web.refus import avec_refus
from plateforme.identity.oidc.web.reseau import RELIER
from plateforme.web.annonces import annoncer

_PROUVES = {Moyen.PASSKEY.value, Moyen.TOTP.value}


def _masquer(id_national: str) -> str:
    """Enough to recognise one's own number on a screen somebody else may see."""
    return f"{id_national[:2]}{'•' * max(0, len(id_national) - 6)}{id_national[-4:]}" if id_national else ""


def _deux_facteurs(request: HttpRequest) -> bool:
    session: Any = request.session
    return str(session.colonne("moyen")) in _PROUVES


def _exiger_deux_facteurs(request: HttpRequest) -> None:
    """A new way in is only added by somebody who came in by two factors of this account. Raises RapprochementRefuse."""
    if not _deux_facteurs(request):
        raise RapprochementRefuse(
            "Pour ajouter un moyen de connexion, connectez-vous d’abord avec votre compte Treille et son second facteur."
        )


@acces("identity.lien.voir")
@never_cache
@require_GET
def liens(request: HttpRequest) -> HttpResponse:
    compte: Any = request.user
    relies = {lien.fournisseur_id: lien for lien in LienOidc.objects.filter(compte=compte)}
    contexte = {
        "psc": fournisseurs.psc() is not None,
        "id_national": _masquer(compte.id_national),
        "attente": RapprochementPsc.objects.filter(compte=compte, etat=EtatRapprochement.EN_ATTENTE).exists(),
        "autres": [{"f": f, "lien": relies.get(f.pk)} for f in FournisseurOidc.objects.filter(actif=True)],
        "deux_facteurs": _deux_facteurs(request),
    }
    return render(request, "oidc/liens.html", contexte)


@acces("identity.lien.relier")
@never_cache
@require_POST
@avec_refus
def relier_psc(request: HttpRequest) -> HttpResponse:
    """A page and not a redirect: ``form-action 'self'`` forbids a form to end on another site."""
    _exiger_deux_facteurs(request)
    fournisseurs.exiger_psc()
    vers, secret = structure.vers_psc(request, but=RELIER)
    page = render(request, "oidc/transit.html", {"vers": vers, "nom": "Pro Santé Connect"})
    return structure.poser_le_secret(page, secret)


@acces("identity.lien.relier")
@never_cache
@require_POST
@avec_refus
def relier_oidc(request: HttpRequest, cle: UUID) -> HttpResponse:
    ligne = FournisseurOidc.objects.filter(pk=cle, actif=True).first()
    if ligne is None:
        raise Introuvable
    _exiger_deux_facteurs(request)
    depart: Any = structure.partir(request, ligne, relier=str(request.user.pk), suite="")
    return render(request, "oidc/transit.html", {"vers": depart.url, "nom": ligne.nom})


@acces("identity.lien.relier")
@require_POST
def delier_oidc(request: HttpRequest, cle: UUID) -> HttpResponse:
    compte: Any = request.user
    with transaction.atomic():
        nombre, _ = LienOidc.objects.filter(fournisseur_id=cle, compte=compte).delete()
        if not nombre:
            raise Introuvable
        noter("identity.oidc.delier", acteur_id=compte.pk, compte=str(compte.pk))
    annoncer(request, "Le lien est retiré.")
    return HttpResponseRedirect(reverse("liens"))


@acces("identity.psc.confirmer")
@never_cache
@require_GET
def rapprochements_a_confirmer(request: HttpRequest) -> HttpResponse:
    demandes = RapprochementPsc.objects.filter(etat=EtatRapprochement.EN_ATTENTE).select_related("compte")
    return render(request, "oidc/rapprochements.html", {"demandes": demandes})


@acces("identity.psc.confirmer")
@require_POST
def decider_rapprochement(request: HttpRequest, cle: UUID) -> HttpResponse:
    decideur: Any = request.user
    confirmer = request.POST.get("decision") == "confirmer"
    rapprochements.decider(cle, decideur, confirmer=confirmer)
    annoncer(request, "L’identité est confirmée." if confirmer else "La demande est écartée.")
    return HttpResponseRedirect(reverse("rapprochements_psc"))
