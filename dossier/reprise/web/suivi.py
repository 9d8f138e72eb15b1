"""The page of a takeover: what it has become, and the progress of what is running."""

from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dossier.models import Secteur
from dossier.reprise import queries, registre
from dossier.reprise.models import Controle, EtatLigne, EtatReprise, GenrePassage, Ligne, Passage, Reprise
from dossier.reprise.services import (
    annulation,
    contenu,
    controle,
    decisions,
    depot,
    effacement,
    integration,
    passages,
)
from dossier.reprise.web.communs import VOIR, cellules, contexte, etapes, fiches, resume, tenter
from plateforme.core.errors import Introuvable
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut

PAR_PAGE = 20
ONGLETS = {
    "doublons": (EtatLigne.A_DECIDER,),
    "refusees": (EtatLigne.REFUSEE,),
    "pretes": (EtatLigne.PRETE,),
}
NATURES = {
    "strict": ("alerte", "Mêmes nom, prénom, naissance et sexe"),
    "proche": ("attention", "Même nom et même date"),
    "reference": ("alerte", "Référence déjà reprise"),
    "meme_reference": ("alerte", "Même référence"),
}


def liens(sujet: Reprise, passage: Passage | None) -> dict[str, Any]:
    if passage is None:
        return {}
    reste = passage.secondes_restantes
    return {
        "travail": passage,
        "url_suivi": reverse("reprise_suivi", args=[sujet.pk]),
        "url_reprendre": reverse("reprise_continuer", args=[sujet.pk]),
        "reste": "" if reste is None else f"{max(1, reste)} s" if reste < 90 else f"{round(reste / 60)} min",
    }


@acces(VOIR)
@require_GET
def reprise(request: HttpRequest, cle: UUID) -> HttpResponse:
    page = contexte(request, cle)
    sujet: Reprise = page["sujet"]
    passage = queries.dernier_passage(cle)
    page |= liens(sujet, passage)
    page["comptes"] = queries.comptes(cle)
    if passage is not None and (not passage.est_termine or passage.etat == "echoue"):
        page["etapes"] = etapes(sujet, ici=2 if passage.genre == GenrePassage.ESSAI else 3)
        if passage.etat == "echoue":
            page["peut_annuler"] = queries.faites(cle).exists() and peut(request.user, annulation.ANNULER)
            page["peut_revoir"] = passage.genre == GenrePassage.ESSAI
        return render(request, "reprise/passage.html", page)
    if sujet.etat == EtatReprise.DEPOSEE and sujet.efface_a is None:
        return HttpResponseRedirect(reverse("reprise_colonnes", args=[cle]))
    if sujet.etat == EtatReprise.ESSAYEE:
        return render(request, "reprise/essai.html", page | _essai(request, sujet, page["comptes"]))
    return render(request, "reprise/bilan.html", page | _bilan(request, sujet))


# -- after a dry run -------------------------------------------------------------------------------
def _essai(request: HttpRequest, sujet: Reprise, comptes: dict[str, int]) -> dict[str, Any]:
    voir = request.GET.get("voir", "")
    if voir not in ONGLETS:
        voir = next((o for o, etats in ONGLETS.items() if any(comptes[e] for e in etats)), "pretes")
    toutes = queries.doublons(sujet.pk) if voir == "doublons" else queries.lignes(sujet.pk, ONGLETS[voir])
    lignes = Paginator(toutes, PAR_PAGE).get_page(request.GET.get("page"))
    return {
        "voir": voir,
        "sur_doublons": voir == "doublons",
        "sur_refusees": voir == "refusees",
        "sur_pretes": voir == "pretes",
        "page": lignes,
        "lignes": montrer(request, sujet, voir, lignes),
        "decides": lignes.paginator.count if voir == "doublons" else queries.doublons(sujet.pk).exists(),
        "secteurs_inconnus": [
            {"cle": cle_de_tri(nom), "nom": nom}
            for nom in sujet.secteurs_inconnus
            if not sujet.options.get("secteurs", {}).get(cle_de_tri(nom))
        ],
        "secteurs": sorted(
            ((str(pk), nom) for pk, nom in Secteur.objects.values_list("pk", "nom")),
            key=lambda s: cle_de_tri(s[1]),
        ),
        "peut_creer_un_secteur": queries.secteurs_permis(request.user) is None,
        "peut_importer": peut(request.user, integration.IMPORTER),
        "peut_preparer": peut(request.user, depot.PREPARER),
    }


def montrer(request: HttpRequest, sujet: Reprise, voir: str, lignes: "Page[Ligne]") -> list[dict[str, Any]]:
    presentes = list(lignes.object_list)
    if voir == "doublons":
        connues = fiches(
            request, registre.genre(sujet.genre), [ligne.doublon.get("objet") for ligne in presentes]
        )
        sien = sujet.depose_par_id == request.user.pk
        return [montrer_un_doublon(sujet, ligne, connues, sien=sien) for ligne in presentes]
    if voir == "refusees":
        return [_montrer_une_refusee(sujet, ligne) for ligne in presentes]
    return [{"ligne": ligne, "cellules": resume(sujet, ligne, 6)} for ligne in presentes]


def montrer_un_doublon(
    sujet: Reprise, ligne: Ligne, connues: dict[UUID, Any], *, sien: bool
) -> dict[str, Any]:
    """``sien``: who looks deposited the file. Somebody else sees no cell of a person closed to them."""
    genre = registre.genre(sujet.genre)
    objet = ligne.doublon.get("objet")
    fiche = connues.get(UUID(objet)) if objet else None
    ton, phrase = NATURES[ligne.doublon["nature"]]
    autre = None
    if not objet:
        autre = Ligne.objects.filter(reprise=sujet, numero=ligne.doublon["ligne"]).first()
    return {
        "ligne": ligne,
        "cellules": resume(sujet, ligne, 6) if sien or fiche is not None or not objet else [],
        "ton": ton,
        "phrase": phrase,
        "fiche": genre.nommer(fiche) if fiche is not None else "",
        "adresse": genre.adresse(fiche) if fiche is not None else "",
        "ferme": bool(objet) and fiche is None,
        "autre": autre,
        "autre_cellules": resume(sujet, autre, 6) if autre is not None else [],
        "choix": decisions.choix_possibles(ligne),
    }


def _montrer_une_refusee(sujet: Reprise, ligne: Ligne) -> dict[str, Any]:
    lu = contenu.lire(ligne)
    toutes = cellules(sujet, lu)
    generales = [phrase for champ, phrase in lu["fautes"].items() if champ not in sujet.colonnes]
    return {
        "ligne": ligne,
        "qui": " ".join(c.texte for c in resume(sujet, ligne, 3)),
        "fautes": [c for c in toutes if c.faute],
        "generales": generales,
    }


# -- after the import ------------------------------------------------------------------------------
def _bilan(request: HttpRequest, sujet: Reprise) -> dict[str, Any]:
    avant, apres = sujet.comptes.get("avant", {}), sujet.comptes.get("apres", {})
    fin = sujet.comptes.get("annulee")
    tires = list(queries.echantillon(sujet.pk).values_list("controle", flat=True))
    return {
        "rangees": [
            {
                "libelle": genre.libelle,
                "avant": avant.get(genre.cle, 0),
                "apres": apres.get(genre.cle, 0),
                "ecart": apres.get(genre.cle, 0) - avant.get(genre.cle, 0),
                "fin": fin.get(genre.cle, 0) if fin else None,
            }
            for genre in registre.genres()
        ]
        if avant and apres
        else [],
        "tires": len(tires),
        "vus": sum(etat != Controle.A_VOIR for etat in tires),
        "conformes": tires.count(Controle.CONFORME),
        "ecarts": tires.count(Controle.ECART),
        "peut_signer": sujet.etat == EtatReprise.IMPORTEE and peut(request.user, controle.SIGNER),
        "peut_annuler": sujet.etat == EtatReprise.IMPORTEE and peut(request.user, annulation.ANNULER),
        "peut_controler": sujet.etat == EtatReprise.IMPORTEE and peut(request.user, depot.PREPARER),
    }


# -- what is running -------------------------------------------------------------------------------
@acces(VOIR)
@require_GET
def suivre(request: HttpRequest, cle: UUID) -> HttpResponse:
    """The card that polls itself; at the end the page comes back whole."""
    sujet = queries.reprise(request.user, cle)
    passage = queries.dernier_passage(cle)
    if passage is None:
        raise Introuvable
    passages.relancer(passage)
    reponse = render(request, "plateforme/_travail.html", liens(sujet, passage))
    if passage.est_termine:
        reponse["HX-Refresh"] = "true"
    return reponse


@acces(depot.PREPARER)
@require_POST
def continuer(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Take up a run that stopped."""
    queries.reprise(request.user, cle)
    passage = queries.dernier_passage(cle)
    if passage is None:
        raise Introuvable
    return tenter(request, cle, lambda: passages.reprendre(passage))


@acces(depot.PREPARER)
@require_POST
def abandonner(request: HttpRequest, cle: UUID) -> HttpResponse:
    return tenter(
        request,
        cle,
        lambda: effacement.abandonner(request.user, cle),
        "La reprise est abandonnée, son fichier effacé.",
    )
