"""« Mon compte »: my means of signing in, my recovery codes, my sessions, my password. On both sites."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.identity import elevation
from plateforme.identity.modeles import modeles
from plateforme.identity.services import entree, passkeys, secours, sessions_ouvertes, soi, totp
from plateforme.identity.web.outils import lire_un_ajout, preparer_un_ajout
from plateforme.web.adresses import accueil_de, chemin_sur
from plateforme.web.annonces import annoncer

_SECRET = "_secret_totp"  # noqa: S105 - the name of a key of the session


def _ici() -> str:
    return reverse("mon_compte")


def _page(request: HttpRequest, statut: int = 200, **autres: Any) -> HttpResponse:
    compte: Any = request.user
    contexte = {
        "compte": compte,
        "facteurs": list(modeles().facteur.objects.filter(compte=compte)),
        "codes_restants": secours.restants(compte),
        "sessions": sessions_ouvertes.de(compte.pk, request.session.session_key),
        "base": base_de(request),
        "adresse_liens": _adresse_des_liens(request),
        **autres,
    }
    return render(request, "identity/mon_compte.html", contexte, status=statut)


def _adresse_des_liens(request: HttpRequest) -> str:
    """Providers linked to this account: in a structure only."""
    dans_une_structure = getattr(request, "structure", None) is not None
    return reverse("liens") if dans_une_structure and peut(request.user, "identity.lien.voir") else ""


def base_de(request: HttpRequest) -> str:
    structure: Any = getattr(request, "structure", None)
    return "plateforme/page.html" if structure is not None else "plateforme/page_reseau.html"


def _mon_compte(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _fermer_mes_sessions(request: HttpRequest) -> HttpResponse:
    compte: Any = request.user
    cle = request.session.session_key
    with transaction.atomic():
        if request.POST.get("toutes"):
            nombre = sessions_ouvertes.fermer_toutes(compte.pk, sauf=cle)
            texte = "Vos autres sessions sont fermées." if nombre else "Vous n’aviez pas d’autre session."
        elif request.POST.get("session") == sessions_ouvertes.reference(cle or ""):
            texte = "Pour fermer cette session-ci, déconnectez-vous."
        elif sessions_ouvertes.fermer_une(compte.pk, request.POST.get("session", "")):
            texte = "La session est fermée."
        else:
            texte = "Cette session était déjà fermée."
    annoncer(request, texte)
    return HttpResponseRedirect(f"{_ici()}#sessions")


def _mot_de_passe(request: HttpRequest) -> HttpResponse:
    compte: Any = request.user
    contexte: dict[str, Any] = {"base": base_de(request), "refus": "", "champs": {}}
    if request.method == "GET":
        return render(request, "identity/changer_mot_de_passe.html", contexte)
    try:
        soi.changer_le_mot_de_passe(
            compte,
            request.POST.get("ancien", ""),
            request.POST.get("mot_de_passe", ""),
            request.session.session_key,
        )
    except ErreurMetier as erreur:
        contexte |= {"refus": erreur.message, "champs": erreur.champs}
        return render(request, "identity/changer_mot_de_passe.html", contexte, status=erreur.statut)
    update_session_auth_hash(request, compte)
    annoncer(request, "Votre mot de passe est changé. Vos autres sessions sont fermées.")
    return HttpResponseRedirect(_ici())


def _ajouter_une_application(request: HttpRequest) -> HttpResponse:
    compte: Any = request.user
    secret = request.session.get(_SECRET) or totp.nouveau_secret()
    request.session[_SECRET] = secret
    refus, statut = "", 200
    if request.method == "POST":
        try:
            soi.exiger_de_la_place(compte)
            with transaction.atomic():
                facteur = totp.ajouter(compte, secret, request.POST.get("code", ""), _nom(request))
                if facteur is None:
                    raise entree.EntreeRefusee(
                        "Ce code n’est pas le bon. Vérifiez l’heure de votre téléphone."
                    )
                soi.apres_ajout(compte, facteur, request.session.session_key)
        except ErreurMetier as erreur:
            refus, statut = erreur.message, erreur.statut
        else:
            del request.session[_SECRET]
            annoncer(request, "L’application de codes est ajoutée.")
            return HttpResponseRedirect(_ici())
    contexte = {
        "base": base_de(request),
        "secret": secret,
        "qr": totp.qr(totp.adresse_otpauth(compte, secret)),
        "refus": refus,
    }
    return render(request, "identity/ajouter_application.html", contexte, status=statut)


def _nom(request: HttpRequest) -> str:
    return request.POST.get("nom", "").replace("\x00", "").strip()[:60]


def _ajouter_une_cle(request: HttpRequest) -> HttpResponse:
    compte: Any = request.user
    refus, statut = "", 200
    if request.method == "POST":
        try:
            soi.exiger_de_la_place(compte)
            with transaction.atomic():
                facteur = passkeys.ajouter(
                    compte, lire_un_ajout(request, request.POST.get("_cle", "")), _nom(request)
                )
                soi.apres_ajout(compte, facteur, request.session.session_key)
        except ErreurMetier as erreur:
            refus, statut = erreur.message, erreur.statut
        else:
            annoncer(request, "La clé d’accès est ajoutée.")
            return HttpResponseRedirect(_ici())
    contexte = {"base": base_de(request), "options": preparer_un_ajout(request, compte), "refus": refus}
    return render(request, "identity/ajouter_cle.html", contexte, status=statut)


def _retirer(request: HttpRequest, facteur_id: UUID) -> HttpResponse:
    try:
        soi.retirer_un_facteur(request.user, facteur_id, request.session.session_key)
    except Introuvable:
        raise
    except ErreurMetier as erreur:
        return _page(request, erreur.statut, refus=erreur.message)
    annoncer(request, "Ce moyen de connexion est retiré.")
    return HttpResponseRedirect(_ici())


def _codes(request: HttpRequest) -> HttpResponse:
    codes = soi.renouveler_les_codes(request.user)
    return render(
        request, "identity/codes.html", {"codes": codes, "compte": request.user, "inscription": False}
    )


def _confirmer(request: HttpRequest) -> HttpResponse:
    """The same question asked from a link: GET shows it, POST answers it and goes back."""
    suite = chemin_sur(request.POST.get("suite") or request.GET.get("suite") or "", accueil_de(request.user))
    if request.method == "GET":
        return elevation.page(request, suite=suite, statut=200)
    try:
        if elevation.prouver(request):
            return HttpResponseRedirect(suite)
        refus = "Saisissez le code de votre application, ou utilisez votre clé d’accès."
    except ErreurMetier as erreur:
        refus = erreur.message
    return elevation.page(request, refus=refus, suite=suite, statut=422)


Vue = Callable[..., HttpResponse]


def _vues(suffixe: str) -> dict[str, Vue]:
    """The same gestures under the rights of each site."""
    voir, fermer, gerer = (f"identity.soi.{verbe}{suffixe}" for verbe in ("voir", "fermer", "gerer"))
    deux = require_http_methods(["GET", "POST"])
    return {
        "mon_compte": acces(voir)(require_GET(_mon_compte)),
        "fermer_mes_sessions": acces(fermer)(require_POST(_fermer_mes_sessions)),
        "mon_mot_de_passe": acces(gerer)(
            never_cache(sensitive_post_parameters("ancien", "mot_de_passe")(deux(_mot_de_passe)))
        ),
        "ajouter_application": acces(gerer)(never_cache(deux(_ajouter_une_application))),
        "ajouter_cle": acces(gerer)(never_cache(deux(_ajouter_une_cle))),
        "retirer_facteur": acces(gerer)(require_POST(_retirer)),
        "mes_codes": acces(gerer)(never_cache(require_POST(_codes))),
        "confirmer": acces(voir)(never_cache(deux(_confirmer))),
    }


structure = _vues("")
reseau = _vues("_reseau")
