"""What a single-use link opens: an enrolment in three pages, or a new password for who still has their factor."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces_libre
from plateforme.identity.base import GenreDeLien
from plateforme.identity.rules import DUREE_ANONYME
from plateforme.identity.services import comptes, entree, liens, mots_de_passe, passkeys, soi, totp, verrous
from plateforme.identity.web.outils import lire_un_ajout, ouvrir_une_cle, preparer_un_ajout, preparer_une_cle

_ENROLEMENT = "_enrolement"


def _lien_perdu(request: HttpRequest, erreur: ErreurMetier) -> HttpResponse:
    return render(request, "identity/lien_perdu.html", {"message": erreur.message}, status=404)


@acces_libre
@never_cache
@sensitive_post_parameters("mot_de_passe")
@require_http_methods(["GET", "POST"])
def acces(request: HttpRequest, jeton: str) -> HttpResponse:
    """First page: check one’s name, choose a password. Nothing is written before the last page."""
    try:
        lien = liens.trouver(jeton)
    except liens.LienInvalide as erreur:
        return _lien_perdu(request, erreur)
    if lien.genre == GenreDeLien.MOT_DE_PASSE:
        return _nouveau_mot_de_passe(request, lien)
    if request.method == "GET":
        return _page_du_mot_de_passe(request, lien)
    mot_de_passe = request.POST.get("mot_de_passe", "")
    try:
        mots_de_passe.verifier(mot_de_passe, lien.compte)
    except mots_de_passe.MotDePasseRefuse as erreur:
        return _page_du_mot_de_passe(request, lien, erreur)
    request.session.flush()
    request.session[_ENROLEMENT] = {
        "lien": str(lien.pk),
        "mot_de_passe": make_password(mot_de_passe),
        "secret": totp.nouveau_secret(),
        "a": now().isoformat(),
    }
    return HttpResponseRedirect(reverse("enrolement"))


def _page_du_mot_de_passe(
    request: HttpRequest, lien: Any, erreur: ErreurMetier | None = None
) -> HttpResponse:
    contexte = {"lien": lien, "compte": lien.compte, "refus": erreur.message if erreur else ""}
    return render(
        request, "identity/choisir_mot_de_passe.html", contexte, status=erreur.statut if erreur else 200
    )


def _nouveau_mot_de_passe(request: HttpRequest, lien: Any) -> HttpResponse:
    """The link of « mot de passe oublié » and the second factor: neither is enough alone."""
    compte, refus, statut = lien.compte, "", 200
    if request.method == "POST":
        try:
            mot_de_passe = request.POST.get("mot_de_passe", "")
            mots_de_passe.verifier(mot_de_passe, compte)
            if request.POST.get("_cle"):
                ouvrir_une_cle(request, "oubli", request.POST["_cle"], compte.pk)
            else:
                entree.second_facteur(compte, request.POST.get("code", ""))
            soi.remplacer_le_mot_de_passe(lien, make_password(mot_de_passe))
        except liens.LienInvalide as erreur:
            return _lien_perdu(request, erreur)
        except ErreurMetier as erreur:
            refus, statut = erreur.message, erreur.statut
        else:
            return render(request, "identity/mot_de_passe_change.html")
    moyens = entree.moyens_de(compte)
    contexte = {
        "compte": compte,
        "refus": refus,
        "moyens": moyens,
        "options": preparer_une_cle(request, "oubli", compte) if moyens.passkey else "",
    }
    return render(request, "identity/nouveau_mot_de_passe.html", contexte, status=statut)


@acces_libre
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def enrolement(request: HttpRequest) -> HttpResponse:
    """Second page: an application of codes, or a passkey. Last page: the recovery codes, once."""
    en_cours = request.session.get(_ENROLEMENT)
    if not en_cours or now() - datetime.fromisoformat(en_cours["a"]) > DUREE_ANONYME:
        return _lien_perdu(
            request,
            liens.LienInvalide("Cette inscription est restée trop longtemps sans suite. Rouvrez votre lien."),
        )
    try:
        lien = liens.par_id(en_cours["lien"])
    except liens.LienInvalide as erreur:
        request.session.flush()
        return _lien_perdu(request, erreur)
    try:
        if request.method == "GET":
            return _page_du_facteur(request, lien.compte, en_cours)
        codes = _terminer(request, lien, en_cours)
    except liens.LienInvalide as erreur:
        request.session.flush()
        return _lien_perdu(request, erreur)
    except ErreurMetier as erreur:
        return _page_du_facteur(request, lien.compte, en_cours, erreur)
    request.session.flush()
    return render(
        request, "identity/codes.html", {"codes": codes, "compte": lien.compte, "inscription": True}
    )


def _terminer(request: HttpRequest, lien: Any, en_cours: dict[str, Any]) -> list[str]:
    if request.POST.get("_cle"):
        cle = lire_un_ajout(request, request.POST["_cle"])
        nom = request.POST.get("nom", "").replace("\x00", "").strip()[:60]
        return comptes.terminer_l_enrolement(
            lien, en_cours["mot_de_passe"], lambda compte: passkeys.ajouter(compte, cle, nom)
        )
    essai = verrous.tenter(verrous.cle_de_codes(f"enrolement:{lien.pk}"))
    pas = totp.pas_du_code(en_cours["secret"], request.POST.get("code", ""))
    if pas is None:
        raise entree.EntreeRefusee(
            "Ce code n’est pas le bon. Vérifiez l’heure de votre téléphone, puis recopiez le code affiché."
        )
    verrous.rendre(essai)
    return comptes.terminer_l_enrolement(
        lien,
        en_cours["mot_de_passe"],
        lambda compte: totp.installer(compte, en_cours["secret"], pas=pas),
    )


def _page_du_facteur(
    request: HttpRequest, compte: Any, en_cours: dict[str, Any], erreur: ErreurMetier | None = None
) -> HttpResponse:
    contexte = {
        "compte": compte,
        "secret": en_cours["secret"],
        "qr": totp.qr(totp.adresse_otpauth(compte, en_cours["secret"])),
        "options": preparer_un_ajout(request, compte),
        "refus": erreur.message if erreur else "",
    }
    return render(request, "identity/choisir_facteur.html", contexte, status=erreur.statut if erreur else 200)
