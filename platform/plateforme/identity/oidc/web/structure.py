"""On a structure's host: departure and arrival of Pro Santé Connect, and the structure's own providers."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from plateforme.core.errors import Introuvable
from plateforme.habilitations.acces import acces, acces_libre
from plateforme.identity.appareils import adresse_ip
from plateforme.identity.base import Moyen
from plateforme.identity.models import Compte, FournisseurOidc, LienOidc
from plateforme.identity.oidc import (
    adresses,
    arriere,
    facteur,
    fournisseurs,
    passages,
    rapprochements,
    session,
)
from plateforme.identity.oidc.client import Demande, Echange, Identite, reprendre
from plateforme.identity.oidc.erreurs import FournisseurInjoignable, RefusOidc, SansCompte
from plateforme.identity.oidc.web.refus import avec_refus
from plateforme.identity.oidc.web.reseau import CONFIRMER, RELIER, refuser_ordre
from plateforme.identity.services import verrous
from plateforme.identity.web.connexion import attendre_le_second_facteur, entrer
from plateforme.identity.web.outils import CLE_REPRISE, rendre_la_saisie
from plateforme.tenancy.courant import exiger_courant
from plateforme.web.adresses import accueil_de, chemin_sur
from plateforme.web.annonces import annoncer

_DUREE_DU_COOKIE = 15 * 60
# In the session: what this person went to Pro Santé Connect for.
_CLE_BUT = "_psc_but"


def _nom_du_cookie() -> str:
    return "__Host-treille_psc" if settings.SESSION_COOKIE_SECURE else "treille_psc"


def vers_psc(request: HttpRequest, *, suite: str = "", but: str = "") -> tuple[str, str]:
    """Address of the network's departure, and the secret this browser must keep until it comes back."""
    if but:
        request.session[_CLE_BUT] = [but, str(request.user.pk)]
    secret = request.COOKIES.get(_nom_du_cookie(), "")
    if len(secret) != 43:
        secret = passages.secret_de_navigateur()
    params = {
        "structure": exiger_courant().slug,
        "navigateur": passages.empreinte_du_navigateur(secret),
        **({"suite": suite} if suite else {}),
        **({"but": but} if but else {}),
    }
    chemin = reverse("psc_depart", urlconf=settings.ROOT_URLCONF)
    return adresses.du_reseau(request, f"{chemin}?{urlencode(params)}"), secret


def poser_le_secret(reponse: HttpResponse, secret: str) -> HttpResponse:
    reponse.set_cookie(
        _nom_du_cookie(),
        secret,
        max_age=_DUREE_DU_COOKIE,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )
    return reponse


@acces_libre
@never_cache
@require_GET
@avec_refus
def psc_depart(request: HttpRequest) -> HttpResponse:
    fournisseurs.exiger_psc()
    vers, secret = vers_psc(request, suite=_suite(request))
    return poser_le_secret(HttpResponseRedirect(vers), secret)


@acces_libre
@never_cache
@require_GET
@avec_refus
def psc_arrivee(request: HttpRequest) -> HttpResponse:
    """The account is the one of this structure that carries the national identifier. Nothing else opens a door."""
    psc = fournisseurs.exiger_psc()
    structure = exiger_courant()
    assert structure.structure_id is not None
    arrivee = passages.prendre(
        request.GET.get("jeton", ""), structure.structure_id, request.COOKIES.get(_nom_du_cookie(), "")
    )
    if arrivee.but == RELIER:
        return _relier(request, arrivee.identite)
    if arrivee.but == CONFIRMER:
        compte_ici = _exiger_le_meme(request, CONFIRMER)
        meme = compte_ici.id_national == arrivee.identite.identifiant
        return _confirmer(request, arrivee.identite, psc, _suite(request), meme=meme)
    compte = Compte.objects.filter(id_national=arrivee.identite.identifiant, actif=True).first()
    if compte is None:
        raise SansCompte(
            "Aucun compte de cette structure ne porte votre identifiant national. Si vous y travaillez, demandez à sa "
            "direction de vous inviter ; si vous y avez déjà un compte Treille, connectez-vous avec lui, puis reliez "
            "Pro Santé Connect depuis « Mon compte »."
        )
    par = session.par(compte, arrivee.identite, psc)
    reponse = entrer(request, compte, Moyen.PSC, suite=_suite(request), par=par)
    reponse.delete_cookie(_nom_du_cookie())
    return reponse


def _suite(request: HttpRequest) -> str:
    return chemin_sur(request.GET.get("suite", ""), "")


def _exiger_le_meme(request: HttpRequest, but: str) -> Any:
    """Only in the session that asked for it, for the account that was signed in then. Raises RefusOidc."""
    compte: Any = request.user
    if not compte.is_authenticated or request.session.pop(_CLE_BUT, None) != [but, str(compte.pk)]:
        raise RefusOidc("passage")
    return compte


@acces("identity.soi.voir")
@never_cache
@require_GET
@avec_refus
def confirmer(request: HttpRequest) -> HttpResponse:
    """Before a sensitive act: the provider that opened this session says again who is there."""
    cle = request.session.get(session.CLE, {}).get("f", "")
    if cle == fournisseurs.PSC:
        fournisseurs.exiger_psc()
        vers, secret = vers_psc(request, suite=_suite(request), but=CONFIRMER)
        return poser_le_secret(HttpResponseRedirect(vers), secret)
    if not cle:  # a local session proves itself here
        fin = f"?{urlencode({'suite': _suite(request)})}" if _suite(request) else ""
        return HttpResponseRedirect(reverse("confirmer") + fin)
    ligne = _actif(UUID(cle.removeprefix("oidc:")))
    return partir(request, ligne, a_nouveau=True, confirmer=str(request.user.pk), suite=_suite(request))


def _confirmer(
    request: HttpRequest, identite: Identite, fournisseur: fournisseurs.Fournisseur, suite: str, *, meme: bool
) -> HttpResponse:
    """The same person, at the provider that opened this session; then back, with what was being sent."""
    if not meme or request.session.get(session.CLE, {}).get("f") != fournisseur.cle:
        raise RefusOidc("autre-personne", fournisseur.nom)
    session.confirmer(request, identite, fournisseur)
    if reprise := rendre_la_saisie(request.session.pop(CLE_REPRISE, ""), request.user.pk):
        return render(request, "identity/reprendre.html", {"reprise": reprise, "confirmee": True})
    return HttpResponseRedirect(suite or accueil_de(request.user))


def _relier(request: HttpRequest, identite: Identite) -> HttpResponse:
    compte = _exiger_le_meme(request, RELIER)
    if rapprochements.relier(compte, identite):
        annoncer(request, "Votre compte est relié à Pro Santé Connect.")
    else:
        annoncer(request, "Les noms diffèrent : votre direction doit confirmer avant que le lien ne serve.")
    return HttpResponseRedirect(reverse("liens"))


# -- providers of the structure's own -------------------------------------------------------------
def _actif(cle: UUID) -> FournisseurOidc:
    ligne = FournisseurOidc.objects.filter(pk=cle, actif=True).first()
    if ligne is None:
        raise Introuvable("Ce fournisseur d’identité n’est pas proposé par cette structure.")
    return ligne


@acces_libre
@never_cache
@require_GET
def oidc_choix(request: HttpRequest) -> HttpResponse:
    """One provider: at once. Several: a list."""
    suite = _suite(request)
    fin = f"?{urlencode({'suite': suite})}" if suite else ""
    lignes = [
        {"nom": f.nom, "adresse": reverse("oidc_depart", args=[f.pk]) + fin}
        for f in FournisseurOidc.objects.filter(actif=True)
    ]
    if len(lignes) == 1:
        return HttpResponseRedirect(lignes[0]["adresse"])
    return render(request, "oidc/choix.html", {"fournisseurs": lignes})


def _retour_oidc(request: HttpRequest) -> str:
    return adresses.de_structure(request, exiger_courant().slug, reverse("oidc_retour"))


@acces_libre
@never_cache
@require_GET
@avec_refus
def oidc_depart(request: HttpRequest, cle: UUID) -> HttpResponse:
    return partir(request, _actif(cle), suite=_suite(request))


def partir(
    request: HttpRequest, ligne: FournisseurOidc, *, a_nouveau: bool = False, **contexte: Any
) -> HttpResponse:
    """Raises TropDEssais, RefusOidc, FournisseurInjoignable."""
    verrous.tenter(verrous.cle_de_depart(adresse_ip(request)))
    fournisseur = fournisseurs.de_structure(ligne)
    try:
        demande = Demande(fournisseur, _retour_oidc(request), a_nouveau=a_nouveau)
        return demande.partir(request, **contexte)
    except (RefusOidc, FournisseurInjoignable) as erreur:
        raise erreur.nomme(fournisseur.nom) from erreur


@acces_libre
@never_cache
@require_GET
@avec_refus
def oidc_retour(request: HttpRequest) -> HttpResponse:
    """The attempt of this browser says which provider must answer; another one answering is refused."""
    attendue = request.session.get("oidc_states", {}).get(request.GET.get("state", ""), {})
    fournisseur = fournisseurs.par_cle(str(attendue.get("fournisseur", ""))) if attendue else None
    if fournisseur is None:
        raise RefusOidc("tentative-inconnue")
    try:
        tentative = reprendre(request, fournisseur.cle)
        echange = Echange(fournisseur, _retour_oidc(request))
        identite = echange.conclure(request, tentative)
    except (RefusOidc, FournisseurInjoignable) as erreur:
        raise erreur.nomme(fournisseur.nom) from erreur
    verrous.rendre_un_essai(verrous.cle_de_depart(adresse_ip(request)))
    cle, contexte = UUID(fournisseur.cle.removeprefix("oidc:")), tentative.contexte
    compte: Any = request.user
    if contexte.get("confirmer"):
        lie = LienOidc.objects.filter(
            fournisseur_id=cle, sub=identite.identifiant, compte_id=compte.pk
        ).exists()
        if not facteur.affirme(identite, fournisseur):
            raise RefusOidc("facteur", fournisseur.nom)
        meme = lie and contexte["confirmer"] == str(compte.pk)
        return _confirmer(request, identite, fournisseur, contexte["suite"], meme=meme)
    if contexte.get("relier"):
        if not compte.is_authenticated or contexte["relier"] != str(compte.pk):
            raise RefusOidc("passage")
        rapprochements.relier_au_fournisseur(compte, cle, identite)
        annoncer(request, f"Votre compte est relié à {fournisseur.nom}.")
        return HttpResponseRedirect(reverse("liens"))
    return _entrer(request, fournisseur, cle, identite, contexte.get("suite", ""))


def _entrer(
    request: HttpRequest, fournisseur: fournisseurs.Fournisseur, cle: UUID, identite: Identite, suite: str
) -> HttpResponse:
    lien = (
        LienOidc.objects.select_related("compte")
        .filter(fournisseur_id=cle, sub=identite.identifiant, compte__actif=True)
        .first()
    )
    if lien is None:
        raise SansCompte(
            "Aucun compte de cette structure n’est relié à cette identité. Connectez-vous avec votre compte Treille, "
            "puis reliez-la depuis « Mon compte »."
        )
    compte = lien.compte
    if facteur.affirme(identite, fournisseur):
        par = session.par(compte, identite, fournisseur)
        return entrer(request, compte, Moyen.OIDC, suite=suite, par=par)
    if not fournisseur.second_facteur_local:
        raise RefusOidc("facteur", fournisseur.nom)
    scelle = facteur.sceller(compte, identite, fournisseur)
    return attendre_le_second_facteur(request, compte, suite=suite, par=scelle)


@acces_libre
@csrf_exempt  # a server calls, with a signed order; no cookie counts
@never_cache
@require_POST
def oidc_arriere(request: HttpRequest, cle: UUID) -> HttpResponse:
    essai = verrous.tenter(verrous.cle_d_ordre(adresse_ip(request)))
    try:
        fournisseur = fournisseurs.de_structure(_actif(cle))
        arriere.obeir_dans_la_structure(request.POST.get("logout_token"), fournisseur)
    except RefusOidc as refus:
        return refuser_ordre(refus)
    except FournisseurInjoignable:
        return HttpResponse(status=503)
    verrous.rendre(essai)
    return HttpResponse(status=200)
