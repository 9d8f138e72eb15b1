"""The sample ticked line by line, the direction's signature, the undoing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dossier.reprise import queries, registre
from dossier.reprise.models import Controle, EtatReprise, Ligne, Reprise
from dossier.reprise.services import annulation, contenu, controle, depot
from dossier.reprise.services.erreurs import RepriseRefusee
from dossier.reprise.web.communs import VOIR, cellules, contexte, etapes, fiches, revenir, tenter
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut


def _montrer(sujet: Reprise, ligne: Ligne, connues: dict[UUID, Any]) -> dict[str, Any]:
    genre = registre.genre(sujet.genre)
    fiche = connues.get(ligne.objet_id) if ligne.objet_id else None
    releve = genre.relire(fiche) if fiche is not None else None
    return {
        "ligne": ligne,
        "nom": genre.nommer(fiche) if fiche is not None else "",
        "adresse": genre.adresse(fiche) if fiche is not None else "",
        "cellules": cellules(sujet, contenu.lire(ligne), releve) if fiche is not None else [],
    }


@acces(VOIR)
@require_GET
def echantillon(request: HttpRequest, cle: UUID) -> HttpResponse:
    page = contexte(request, cle)
    sujet = page["sujet"]
    if sujet.etat not in (EtatReprise.IMPORTEE, EtatReprise.SIGNEE):
        return revenir(request, cle)
    tirees = list(queries.echantillon(cle).order_by("numero"))
    connues = fiches(request, page["genre"], [ligne.objet_id for ligne in tirees])
    page |= {
        "lignes": [_montrer(sujet, ligne, connues) for ligne in tirees],
        "peut_controler": sujet.etat == EtatReprise.IMPORTEE and peut(request.user, depot.PREPARER),
        "peut_signer": sujet.etat == EtatReprise.IMPORTEE and peut(request.user, controle.SIGNER),
        "vus": sum(ligne.controle != Controle.A_VOIR for ligne in tirees),
        "total": len(tirees),
    }
    return render(request, "reprise/echantillon.html", page)


@acces(depot.PREPARER)
@require_POST
def controler(request: HttpRequest, cle: UUID, ligne: UUID) -> HttpResponse:
    try:
        cochee = controle.controler(request.user, cle, ligne, request.POST.get("etat", ""))
    except RepriseRefusee as refus:
        return revenir(request, cle, refus.message)
    if not request.headers.get("HX-Request"):
        reponse = HttpResponse(status=302)
        reponse["Location"] = f"{reverse('reprise_echantillon', args=[cle])}#ligne-{cochee.numero}"
        return reponse
    sujet = queries.reprise(request.user, cle)
    connues = fiches(request, registre.genre(sujet.genre), [cochee.objet_id])
    tires = list(queries.echantillon(cle).values_list("controle", flat=True))
    return render(
        request,
        "reprise/_controle.html",
        {
            "sujet": sujet,
            "l": _montrer(sujet, cochee, connues),
            "peut_controler": True,
            "vus": sum(etat != Controle.A_VOIR for etat in tires),
            "total": len(tires),
            "partiel": True,
        },
    )


@acces(controle.SIGNER)
@require_POST
def signer(request: HttpRequest, cle: UUID) -> HttpResponse:
    return tenter(
        request,
        cle,
        lambda: controle.signer(request.user, cle),
        "La reprise est signée, son fichier est effacé.",
    )


@acces(VOIR)
@require_GET
def avant_d_annuler(request: HttpRequest, cle: UUID) -> HttpResponse:
    """What would be removed, or the list of what forbids it."""
    page = contexte(request, cle)
    sujet = page["sujet"]
    try:
        annulation.exiger_annulable(sujet)
    except ErreurMetier as refus:
        return revenir(request, cle, refus.message)
    travaillees = annulation.deja_travaillees(sujet)
    montrees = list(travaillees)[: annulation.MONTREES]
    connues = fiches(request, page["genre"], montrees)
    page |= {
        "comptes": queries.comptes(cle),
        "travaillees": [
            {
                "nom": page["genre"].nommer(connues[c])
                if c in connues
                else "Une fiche qui ne vous est pas ouverte",
                "adresse": page["genre"].adresse(connues[c]) if c in connues else "",
                "quoi": travaillees[c],
            }
            for c in montrees
        ],
        "autres": max(0, len(travaillees) - len(montrees)),
        "secteurs": len(sujet.secteurs_crees),
        "peut_annuler": peut(request.user, annulation.ANNULER),
        "etapes": etapes(sujet),
    }
    return render(request, "reprise/annulation.html", page)


@acces(annulation.ANNULER)
@require_POST
def annuler(request: HttpRequest, cle: UUID) -> HttpResponse:
    return tenter(request, cle, lambda: annulation.annuler(request.user, cle))
