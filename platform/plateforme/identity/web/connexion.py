"""Signing in and out. Nobody is signed in before two factors are proven, or a passkey that verified its person."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces_libre
from plateforme.habilitations.roles import TERRAIN
from plateforme.identity import appareils, registres
from plateforme.identity.base import GenreDeSession, Moyen
from plateforme.identity.modeles import modeles
from plateforme.identity.oidc import facteur
from plateforme.identity.ouverture import ParFournisseur, ouvrir_session
from plateforme.identity.rules import DELAI_DU_SECOND_FACTEUR
from plateforme.identity.services import avis, entree, soi, totp
from plateforme.identity.web.outils import (
    CLE_REPRISE,
    ouvrir_une_cle,
    preparer_une_cle,
    rendre_la_saisie,
)
from plateforme.web.adresses import accueil_de, chemin_sur

_AVANT = "_avant"  # who has proven the first factor, and when


@acces_libre
@never_cache
@sensitive_post_parameters("mot_de_passe")
@require_http_methods(["GET", "POST"])
def connexion(request: HttpRequest) -> HttpResponse:
    """One and the same sentence for an unknown account and for a wrong password."""
    suite = request.POST.get("suite") or request.GET.get("suite") or request.GET.get("next") or ""
    if request.method == "GET":
        if request.user.is_authenticated:
            return HttpResponseRedirect(chemin_sur(suite, accueil_de(request.user)))
        return page_de_connexion(request, suite=suite, expiree=request.GET.get("expiree") == "1")
    reprise = request.POST.get("reprise", "")
    if request.POST.get("_cle"):
        return _par_la_cle(request, suite, reprise)
    identifiant = request.POST.get("identifiant", "").strip()
    try:
        compte = entree.premier_facteur(
            identifiant, request.POST.get("mot_de_passe", ""), appareils.adresse_ip(request)
        )
    except ErreurMetier as erreur:
        return page_de_connexion(
            request,
            suite=suite,
            identifiant=identifiant,
            refus=erreur.message,
            reprise=reprise,
            statut=erreur.statut,
        )
    return attendre_le_second_facteur(request, compte, suite=suite, reprise=reprise)


def attendre_le_second_facteur(
    request: HttpRequest, compte: Any, *, suite: str, reprise: str = "", par: str = ""
) -> HttpResponse:
    """The first factor is proven, here or at a provider's (``par``: what it said, sealed)."""
    reprise = reprise or request.session.get(CLE_REPRISE, "")
    request.session.flush()  # a key somebody else may have planted does not carry what was just proven
    request.session[_AVANT] = {
        "compte": str(compte.pk),
        "a": now().isoformat(),
        "suite": chemin_sur(suite, ""),
        "reprise": reprise,
        "par": par,
    }
    return HttpResponseRedirect(reverse("second_facteur"))


def page_de_connexion(request: HttpRequest, *, statut: int = 200, **contexte: Any) -> HttpResponse:
    """``expiree``: says that the session has ended; ``reprise``: typing to give back, sealed."""
    contexte = {
        "suite": "",
        "identifiant": "",
        "refus": "",
        "expiree": False,
        "reprise": "",
        **contexte,
        "fournisseurs": registres.boutons(request),
    }
    if contexte["reprise"]:
        request.session[CLE_REPRISE] = contexte[
            "reprise"
        ]  # a provider's button is a link: it carries no field
    return render(request, "identity/connexion.html", contexte, status=statut)


def _par_la_cle(request: HttpRequest, suite: str, reprise: str) -> HttpResponse:
    try:
        compte = ouvrir_une_cle(request, "connexion", request.POST["_cle"])
        return entrer(request, compte, Moyen.PASSKEY, suite=suite, reprise=reprise)
    except ErreurMetier as erreur:
        return page_de_connexion(
            request, suite=suite, refus=erreur.message, reprise=reprise, statut=erreur.statut
        )


@acces_libre
@never_cache
@require_POST
def options_de_cle(request: HttpRequest) -> HttpResponse:
    """What the browser needs to offer the passkeys it holds for this site; nothing says which exist."""
    return HttpResponse(preparer_une_cle(request, "connexion"), content_type="application/json")


def _compte_en_attente(request: HttpRequest) -> tuple[Any, dict[str, Any]] | None:
    """Who has proven the first factor less than five minutes ago."""
    avant = request.session.get(_AVANT)
    if not avant or now() - datetime.fromisoformat(avant["a"]) > DELAI_DU_SECOND_FACTEUR:
        return None
    compte = modeles().compte.objects.filter(pk=avant["compte"], actif=True).first()
    return (compte, avant) if compte is not None else None


@acces_libre
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_facteur(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(accueil_de(request.user))
    attente = _compte_en_attente(request)
    if attente is None:
        request.session.pop(_AVANT, None)
        return HttpResponseRedirect(f"{reverse('connexion')}?expiree=1")
    compte, avant = attente
    if request.method == "GET":
        return _page_du_second_facteur(request, compte, avant)
    try:
        moyen = _prouver(request, compte)
        par = facteur.rouvrir(avant["par"], compte) if avant["par"] else None
        du_service = bool(request.POST.get("telephone")) and compte.role in TERRAIN and par is None
        return entrer(
            request,
            compte,
            Moyen.OIDC if par else moyen,
            suite=avant["suite"],
            reprise=avant["reprise"],
            genre=GenreDeSession.APPAREIL if du_service else GenreDeSession.WEB,
            par=par,
        )
    except ErreurMetier as erreur:
        return _page_du_second_facteur(request, compte, avant, erreur)


def _prouver(request: HttpRequest, compte: Any) -> Moyen:
    if request.POST.get("_cle"):
        ouvrir_une_cle(request, "second", request.POST["_cle"], compte.pk)
        return Moyen.PASSKEY
    return entree.second_facteur(compte, request.POST.get("code", ""))


def _page_du_second_facteur(
    request: HttpRequest, compte: Any, avant: dict[str, Any], erreur: ErreurMetier | None = None
) -> HttpResponse:
    moyens = entree.moyens_de(compte)
    restant = DELAI_DU_SECOND_FACTEUR - (now() - datetime.fromisoformat(avant["a"]))
    contexte = {
        "compte": compte,
        "moyens": moyens,
        "refus": erreur.message if erreur else "",
        "options": preparer_une_cle(request, "second", compte) if moyens.passkey else "",
        "minutes": max(1, round(restant / timedelta(minutes=1))),
        "propose_telephone": compte.role in TERRAIN and not avant["par"],
        "telephone": appareils.est_un_telephone(request.headers.get("User-Agent", "")),
        "code_demo": totp.code_de_demonstration(compte),
    }
    return render(request, "identity/second_facteur.html", contexte, status=erreur.statut if erreur else 200)


def entrer(
    request: HttpRequest,
    compte: Any,
    moyen: Moyen,
    *,
    suite: str = "",
    reprise: str = "",
    genre: GenreDeSession = GenreDeSession.WEB,
    par: ParFournisseur | None = None,
) -> HttpResponse:
    """The one way in, whatever the proof: open the session, tell the person of a device never seen, and lead them where
    they were going. ``par``: what a provider vouched for.

    Raises EntreeImpossible for somebody whose identity nobody has checked.
    """
    entree.exiger_ouvrable(compte, identite_prouvee=moyen == Moyen.PSC)
    nouveau = compte.last_login is not None and not appareils.est_connu(request, compte.pk)
    reprise = reprise or request.session.get(CLE_REPRISE, "")
    ouvrir_session(request, compte, moyen=moyen, genre=genre, **(par.colonnes() if par else {}))
    if nouveau:
        nom = appareils.nom_de_l_appareil(request.headers.get("User-Agent", ""))
        with transaction.atomic():
            noter("identity.connexion.nouvel_appareil", acteur_id=compte.pk)
            avis.prevenir(
                compte,
                "Connexion depuis un nouvel appareil",
                f"{nom}. Si ce n’est pas vous, fermez cette session et prévenez votre direction.",
                reverse("mon_compte"),
            )
    rendue = rendre_la_saisie(reprise, compte.pk)
    reponse: HttpResponse
    if rendue is not None:
        reponse = render(request, "identity/reprendre.html", {"reprise": rendue})
    else:
        reponse = HttpResponseRedirect(chemin_sur(suite, accueil_de(compte)))
    appareils.retenir(request, reponse, compte.pk)
    return reponse


@acces_libre
@require_POST
def deconnexion(request: HttpRequest) -> HttpResponse:
    session: Any = request.session
    sortie = None
    if request.user.is_authenticated and (fournisseur := session.colonne("fournisseur")):
        sortie = registres.sortie_de(request, fournisseur)
    logout(request)
    reponse: HttpResponse = HttpResponseRedirect(reverse("connexion"))
    if sortie is not None:
        # A page and not a redirection: ``form-action 'self'`` forbids a form to end on another site.
        contexte = {"vers": sortie.adresse, "nom": sortie.nom, "sortie": True}
        reponse = render(request, "oidc/transit.html", contexte)
    # What the browser kept of this person goes with the session; cookies stay: they belong to the device. Its storage
    # may hold a worker's unsent visits, this person's or another's: it goes only when the phone says nothing waits.
    reponse["Clear-Site-Data"] = '"cache", "storage"' if request.POST.get("effacer") == "oui" else '"cache"'
    return reponse


@acces_libre
@never_cache
@require_http_methods(["GET", "POST"])
def oubli(request: HttpRequest) -> HttpResponse:
    """Always the same answer, whoever is named."""
    if request.method == "GET":
        return render(request, "identity/oubli.html", {"envoye": False})
    try:
        soi.demander_un_mot_de_passe(
            request.POST.get("identifiant", "").replace("\x00", ""), appareils.adresse_ip(request)
        )
    except ErreurMetier as erreur:
        return render(
            request, "identity/oubli.html", {"envoye": False, "refus": erreur.message}, status=erreur.statut
        )
    return render(request, "identity/oubli.html", {"envoye": True})
