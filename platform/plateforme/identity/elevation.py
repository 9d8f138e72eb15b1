"""A fresh proof of who one is, before what cannot be undone. What was being sent goes on once it is given."""

from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from plateforme.api.problemes import probleme
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.identity.base import Moyen
from plateforme.identity.registres import adresse_de_confirmation
from plateforme.identity.rules import FRAICHEUR
from plateforme.identity.services import entree, totp
from plateforme.identity.web.outils import CLE_REPRISE, garder_la_saisie, ouvrir_une_cle, preparer_une_cle
from plateforme.web.adresses import chemin_sur

CHAMP_CODE, CHAMP_CLE = "_code", "_cle"
_MIENS = {CHAMP_CODE, CHAMP_CLE, "csrfmiddlewaretoken"}


class ElevationRequise(ErreurMetier):
    code: ClassVar[str] = "plateforme.elevation.requise"
    statut: ClassVar[int] = 403
    definitif: ClassVar[bool] = False
    message = "Confirmez que c’est bien vous pour continuer."


def est_fraiche(request: HttpRequest) -> bool:
    session: Any = request.session
    confirmee_a = session.colonne("confirmee_a")
    return confirmee_a is not None and now() - confirmee_a < FRAICHEUR


def marquer(request: HttpRequest) -> None:
    """The session has just proven again who it is."""
    session: Any = request.session
    session.inscrire(confirmee_a=now())
    noter("identity.identite.confirmee")


def exiger(request: HttpRequest) -> None:
    """For the API. Raises ElevationRequise."""
    if not est_fraiche(request):
        raise ElevationRequise


def prouver(request: HttpRequest) -> bool:
    """A code or a key sent with the request. Raises what ``entree`` raises for a wrong one."""
    compte: Any = request.user
    if request.POST.get(CHAMP_CLE):
        ouvrir_une_cle(request, "confirmer", request.POST[CHAMP_CLE], compte.pk)
    elif request.POST.get(CHAMP_CODE):
        entree.second_facteur(compte, request.POST[CHAMP_CODE])
    else:
        return False
    with transaction.atomic():
        marquer(request)
    return True


def demander(request: HttpRequest) -> HttpResponse | None:
    """None when the act may go on; else the page « Confirmez que c’est vous », or its equivalent for a script."""
    if est_fraiche(request):
        return None
    if not _attend_une_page(request):
        if request.headers.get("HX-Request"):
            ici = chemin_sur(_chemin(request.headers.get("HX-Current-URL", "")))
            return HttpResponse(
                status=204, headers={"HX-Redirect": f"{reverse('confirmer')}?suite={quote(ici)}"}
            )
        return probleme(ElevationRequise.statut, ElevationRequise.code, ElevationRequise.message)
    refus = ""
    if request.method == "POST":
        try:
            if prouver(request):
                return None
        except ErreurMetier as erreur:
            refus = erreur.message
    return page(request, refus=refus)


def page(request: HttpRequest, *, refus: str = "", suite: str = "", statut: int = 403) -> HttpResponse:
    """``suite``: where to go after; without it, the request itself is sent again, with what it carried."""
    session: Any = request.session
    suite = suite or (request.get_full_path() if request.method != "POST" else "")
    if ailleurs := _chez_le_fournisseur(request, session, suite, statut):
        return ailleurs
    moyens = entree.moyens_de(request.user)
    # A file has to be chosen again: the password that goes with it is typed again too, not written in this page.
    champs = [
        (nom, valeur)
        for nom in request.POST
        if nom not in _MIENS and not (request.FILES and "passe" in nom)
        for valeur in request.POST.getlist(nom)
    ]
    return render(
        request,
        "identity/confirmer.html",
        {
            "action": reverse("confirmer") if suite else request.get_full_path(),
            "suite": suite,
            "champs": [] if suite else champs,
            "fichiers": bool(request.FILES),
            "refus": refus,
            "moyens": moyens,
            "code_demo": totp.code_de_demonstration(request.user),
            "options": preparer_une_cle(request, "confirmer", request.user) if moyens.passkey else "",
        },
        status=statut,
    )


def _chez_le_fournisseur(request: HttpRequest, session: Any, suite: str, statut: int) -> HttpResponse | None:
    """A session opened by a provider proves itself there; what was typed waits here, sealed, and is given back.

    A form leads to a page and not to a redirection: ``form-action 'self'`` forbids it to end on another site.
    """
    if session.colonne("moyen") not in (Moyen.PSC, Moyen.OIDC):
        return None
    retour = suite or chemin_sur(_chemin(request.headers.get("Referer", "")))
    adresse = adresse_de_confirmation(request, session.colonne("fournisseur") or "", retour)
    if not adresse:
        return None
    session.pop(CLE_REPRISE, None)
    if request.method != "POST":
        return HttpResponseRedirect(adresse)
    # Files cannot wait: the page they were chosen on is shown again.
    if not suite and not request.FILES:
        session[CLE_REPRISE] = garder_la_saisie(request, request.user.pk, meme_vide=True)
    nom = "Pro Santé Connect" if session.colonne("moyen") == Moyen.PSC else "votre organisme"
    contexte = {"vers": adresse, "nom": nom, "confirmation": True, "fichiers": bool(request.FILES)}
    return render(request, "oidc/transit.html", contexte, status=statut)


def _attend_une_page(request: HttpRequest) -> bool:
    return not request.headers.get("HX-Request") and "text/html" in request.headers.get("Accept", "text/html")


def _chemin(adresse: str) -> str:
    parties = urlsplit(adresse)
    return parties.path + (f"?{parties.query}" if parties.query else "")
