"""« Équipe et accès »: who has an account, who is invited, whose identity is known, and what one may do about it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.audit.journal import noter
from plateforme.core.errors import ErreurMetier
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.acces import acces
from plateforme.habilitations.support import est_du_support
from plateforme.identity import queries
from plateforme.identity.models import Compte, Reglages
from plateforme.identity.registres import blocs_de_compte
from plateforme.identity.services import comptes, sessions_ouvertes, totp
from plateforme.identity.services.comptes import Invitation
from plateforme.identity.web import forms
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import porter, repondre


@acces("identity.equipe.voir")
@require_GET
def equipe(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    if est_du_support(request.user):
        q = ""  # through the mask, asking for a name would tell that it is there
    lignes = queries.equipe(cle_de_tri(q))
    a_faire = [ligne for ligne in lignes if ligne.etat[1] == "identité à vérifier"]
    return render(
        request,
        "identity/equipe.html",
        {
            "lignes": lignes,
            "q": q,
            "a_verifier": a_faire,
            "en_attente": [ligne for ligne in lignes if ligne.invitation is not None],
            "rpps": [ligne for ligne in lignes if ligne.rpps_a_verifier],
        },
    )


@acces("identity.compte.inviter")
@never_cache
@require_http_methods(["GET", "POST"])
def inviter(request: HttpRequest) -> HttpResponse:
    qui: Any = request.user
    form = forms.Inviter(request.POST or None, role_de_qui=qui.role)
    if request.method == "POST" and form.is_valid():
        lues = form.cleaned_data
        champs = {nom: lues[nom] for nom in ("prenom", "nom", "role", "courriel", "telephone", "id_national")}
        try:
            invitation = comptes.inviter(qui, **champs, attestation=form.attestation())
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            return _montrer_le_lien(request, invitation)
    return repondre(request, "identity/inviter.html", {}, form)


def _montrer_le_lien(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Once, here: the base keeps only its fingerprint."""
    adresse = request.build_absolute_uri(reverse("acces", args=[invitation.jeton]))
    return render(
        request,
        "identity/invitation.html",
        {
            "compte": invitation.compte,
            "lien": invitation.lien,
            "adresse": adresse,
            "qr": totp.qr(adresse),
        },
    )


def _sujet(compte_id: UUID) -> Compte:
    compte: Compte | None = Compte.objects.filter(pk=compte_id).first()
    if compte is None:
        raise Http404
    return compte


def _fiche(request: HttpRequest, compte_id: UUID, statut: int = 200, **autres: Any) -> HttpResponse:
    lignes = queries.equipe(cle=compte_id)
    if not lignes:
        raise Http404
    ligne, qui = lignes[0], request.user
    par = (
        Compte.objects.filter(pk=ligne.compte.identite_par_id).first()
        if ligne.compte.identite_par_id
        else None
    )
    contexte = {
        "ligne": ligne,
        "compte": ligne.compte,
        "facteurs": queries.facteurs_de(ligne.compte),
        "sessions": sessions_ouvertes.de(compte_id),
        "a_portee": queries.est_a_portee(qui, ligne.compte) and ligne.compte.pk != qui.pk,
        "verifiee_par": par,
        "blocs": blocs_de_compte(request, ligne.compte),
        "attester": forms.Attester(),
        "reinitialiser": forms.ReinitialiserLeFacteur(auto_id="reinit_%s"),
        "changer_le_role": forms.ChangerLeRole(initial={"role": ligne.compte.role}, auto_id="role_%s"),
        **autres,
    }
    return render(request, "identity/compte.html", contexte, status=statut)


@acces("identity.equipe.voir")
@require_GET
def compte(request: HttpRequest, compte_id: UUID) -> HttpResponse:
    return _fiche(request, compte_id)


def _retour(request: HttpRequest, compte_id: UUID, texte: str) -> HttpResponse:
    annoncer(request, texte)
    return HttpResponseRedirect(reverse("compte_equipe", args=[compte_id]))


@acces("identity.identite.attester")
@require_POST
def attester(request: HttpRequest, compte_id: UUID) -> HttpResponse:
    sujet, form = _sujet(compte_id), forms.Attester(request.POST)
    if not form.is_valid():
        return _fiche(request, compte_id, 422, attester=form)
    vue = form.attestation()
    try:
        if vue is not None:
            comptes.attester(request.user, sujet, vue)
    except ErreurMetier as erreur:
        return _fiche(request, compte_id, erreur.statut, refus=erreur.message)
    return _retour(request, compte_id, "L’identité est vérifiée.")


@acces("identity.compte.inviter")
@require_POST
def invitation(request: HttpRequest, compte_id: UUID) -> HttpResponse:
    """``revoquer``, or a new link."""
    sujet = _sujet(compte_id)
    try:
        if request.POST.get("geste") == "revoquer":
            comptes.revoquer_l_invitation(request.user, sujet)
            return _retour(request, compte_id, "L’invitation est révoquée.")
        return _montrer_le_lien(request, comptes.renvoyer(request.user, sujet))
    except ErreurMetier as erreur:
        return _fiche(request, compte_id, erreur.statut, refus=erreur.message)


@acces("identity.facteur.reinitialiser")
@require_POST
def reinitialiser(request: HttpRequest, compte_id: UUID) -> HttpResponse:
    sujet = _sujet(compte_id)
    form = forms.ReinitialiserLeFacteur(request.POST, auto_id="reinit_%s")
    vue = form.attestation() if form.is_valid() else None
    if vue is None:
        return _fiche(request, compte_id, 422, reinitialiser=form)
    try:
        donnee = comptes.reinitialiser_le_facteur(request.user, sujet, vue, form.cleaned_data["motif"])
    except ErreurMetier as erreur:
        return _fiche(request, compte_id, erreur.statut, refus=erreur.message, reinitialiser=form)
    return _montrer_le_lien(request, donnee)


@acces("identity.compte.gerer")
@require_POST
def role(request: HttpRequest, compte_id: UUID) -> HttpResponse:
    sujet, form = _sujet(compte_id), forms.ChangerLeRole(request.POST, auto_id="role_%s")
    if not form.is_valid():
        return _fiche(request, compte_id, 422, changer_le_role=form)
    try:
        comptes.changer_le_role(request.user, sujet, form.cleaned_data["role"])
    except ErreurMetier as erreur:
        return _fiche(request, compte_id, erreur.statut, refus=erreur.message)
    return _retour(request, compte_id, "Le rôle est changé. Ses sessions sont fermées.")


@acces("identity.compte.gerer")
@require_POST
def etat(request: HttpRequest, compte_id: UUID) -> HttpResponse:
    sujet = _sujet(compte_id)
    try:
        if sujet.actif:
            comptes.desactiver(request.user, sujet)
        else:
            comptes.reactiver(sujet)
    except ErreurMetier as erreur:
        return _fiche(request, compte_id, erreur.statut, refus=erreur.message)
    return _retour(
        request, compte_id, "Le compte est réactivé." if sujet.actif else "Le compte est désactivé."
    )


@acces("identity.compte.gerer")
@require_POST
def sessions(request: HttpRequest, compte_id: UUID) -> HttpResponse:
    sujet = _sujet(compte_id)
    with transaction.atomic():
        if request.POST.get("session"):
            sessions_ouvertes.fermer_une(sujet.pk, request.POST["session"])
        else:
            sessions_ouvertes.fermer_toutes(sujet.pk, sauf=request.session.session_key)
    return _retour(request, compte_id, "La session est fermée.")


@acces("identity.reglages.changer")
@require_http_methods(["GET", "POST"])
def reglages(request: HttpRequest) -> HttpResponse:
    sujet = Reglages.objects.first() or Reglages()
    form = forms.ReglerLesAcces(request.POST or None, instance=sujet)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            noter("identity.reglages.changes", inactivite=sujet.inactivite_minutes)
        annoncer(request, "Les réglages sont enregistrés. Ils valent pour les prochaines connexions.")
        return HttpResponseRedirect(reverse("equipe"))
    return repondre(request, "identity/reglages.html", {}, form)
