"""Recertification: open, decide line by line from the keyboard, sign, verify, keep."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.habilitations.models import Campagne, DecisionDeRevue, LigneDeRevue
from plateforme.habilitations.services import revue as services
from plateforme.habilitations.web.onglets import onglets
from plateforme.identity.models import Role
from plateforme.identity.queries import equipe
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter, repondre

VOIR = "habilitations.revue.voir"


class Ouverture(Formulaire, forms.Form):
    titre = forms.CharField(label="Titre", max_length=120, help_text="Par exemple\u00a0: revue annuelle.")
    echeance = forms.DateField(label="À signer avant le")


@acces(VOIR)
@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    contexte = {
        "onglets": onglets(request, "revues"),
        "en_cours": Campagne.objects.filter(signee_a=None).first(),
        "signees": Campagne.objects.exclude(signee_a=None).select_related("signee_par"),
        "peut_mener": peut(request.user, services.MENER),
    }
    return render(request, "habilitations/revues.html", contexte)


@acces(services.MENER)
@require_http_methods(["GET", "POST"])
def ouvrir(request: HttpRequest) -> HttpResponse:
    form = Ouverture(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            campagne = services.ouvrir(request.user, **form.cleaned_data)
        except services.RevueRefusee as refus:
            porter(form, refus)
        else:
            return HttpResponseRedirect(reverse("revue", args=[campagne.pk]))
    return repondre(request, "habilitations/revue_ouvrir.html", {}, form)


def _campagne(cle: UUID) -> Campagne:
    campagne: Campagne | None = (
        Campagne.objects.filter(pk=cle).select_related("signee_par", "ouverte_par").first()
    )
    if campagne is None:
        raise Http404
    return campagne


def _page(
    request: HttpRequest, cle: UUID, *, statut: int = 200, refus: str = "", fautes: dict[UUID, str] | None = None,
    saisie: dict[UUID, services.Choix] | None = None,
) -> HttpResponse:  # fmt: skip
    campagne = _campagne(cle)
    if campagne.signee_a is not None:
        return render(request, "habilitations/revue_signee.html", {"campagne": campagne, "verdict": None})
    vues = {v.compte.pk: v for v in equipe()}
    lignes = [
        _ligne(
            ligne, vues.get(ligne.compte_id), (fautes or {}).get(ligne.pk, ""), (saisie or {}).get(ligne.pk)
        )
        for ligne in LigneDeRevue.objects.filter(campagne=campagne)
        .select_related("compte")
        .order_by("compte__cle_tri")
    ]
    contexte = {
        "campagne": campagne,
        "lignes": lignes,
        "reste": sum(ligne["ligne"].decision == DecisionDeRevue.EN_ATTENTE for ligne in lignes),
        "fonctions": [(r.value, r.label.capitalize()) for r in Role],
        "peut_mener": peut(request.user, services.MENER),
        "retard": campagne.echeance < today(),
        "refus": refus,
        "fautes": len(fautes or {}),
    }
    return render(request, "habilitations/revue.html", contexte, status=statut)


def _ligne(ligne: LigneDeRevue, vue: Any, faute: str, tape: services.Choix | None) -> dict[str, Any]:
    """What was typed and refused is shown again as it was typed."""
    choix = tape or services.Choix(ligne.decision, ligne.nouveau_role, ligne.note)
    return {"ligne": ligne, "vue": vue, "faute": faute, "choix": choix, "role": Role(ligne.role).label}


@acces(VOIR)
@require_GET
def revue(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _page(request, cle)


def _choix(request: HttpRequest, cle: UUID) -> dict[UUID, services.Choix]:
    """Fields ``d-``, ``r-`` and ``n-`` of each line of this campaign; the others are not looked at."""
    post = request.POST
    return {
        pk: services.Choix(
            post.get(f"d-{pk}", "")[:10] or DecisionDeRevue.EN_ATTENTE.value,
            post.get(f"r-{pk}", "")[:20],
            post.get(f"n-{pk}", "")[:300],
        )
        for pk in LigneDeRevue.objects.filter(campagne_id=cle).values_list("pk", flat=True)
        if f"d-{pk}" in post or f"n-{pk}" in post
    }


@acces(services.MENER)
@require_POST
def decider(request: HttpRequest, cle: UUID) -> HttpResponse:
    choix = _choix(request, cle)
    fautes = services.decider(request.user, cle, choix)
    if fautes:
        return _page(request, cle, statut=422, fautes=fautes, saisie=choix)
    annoncer(request, "Les décisions sont enregistrées. Elles vaudront à la signature.")
    return HttpResponseRedirect(reverse("revue", args=[cle]))


@acces(services.MENER)
@require_POST
def signer(request: HttpRequest, cle: UUID) -> HttpResponse:
    session: Any = request.session
    try:
        services.signer(request.user, cle, moyen=session.colonne("moyen") or "")
    except ErreurMetier as refus:
        if refus.statut == 404 or _campagne(cle).signee_a is not None:
            raise
        services.reprendre_les_bouges(request.user, cle)
        return _page(request, cle, statut=refus.statut, refus=refus.message)
    annoncer(request, "La revue est signée. Les changements valent dès maintenant.")
    return HttpResponseRedirect(reverse("revue", args=[cle]))


@acces(VOIR)
@require_GET
def verifier(request: HttpRequest, cle: UUID) -> HttpResponse:
    campagne = _campagne(cle)
    if campagne.signee_a is None:
        return HttpResponseRedirect(reverse("revue", args=[cle]))
    contexte = {"campagne": campagne, "verdict": services.verifier(campagne)}
    return render(request, "habilitations/revue_signee.html", contexte)


@acces(VOIR)
@require_GET
def telecharger(request: HttpRequest, cle: UUID) -> HttpResponse:
    """The very bytes whose SHA-256 was kept."""
    campagne = _campagne(cle)
    if campagne.signee_a is None:
        return HttpResponseRedirect(reverse("revue", args=[cle]))
    reponse = HttpResponse(campagne.resultat.encode(), content_type="text/plain; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="revue-{campagne.signee_a:%Y-%m-%d}.txt"'
    return reponse
