"""The phone: the tour, one visit, its end, the badge. Every act goes through ``terrain/envois.js``."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dossier.queries import exiger_usager
from plateforme.core.clock import today
from plateforme.habilitations.acces import acces
from plateforme.terrain.registres import prudences
from plateforme.terrain.web.poche import contexte
from telegestion import queries
from telegestion.models import Nature

# What one says of a visit in one tap, by nature of the visit. The words are stored as they are read.
PUCES: dict[str, tuple[str, tuple[str, ...]]] = {
    Nature.REPAS: ("Repas", ("Tout mangé", "La moitié", "Très peu", "A refusé")),
    Nature.TOILETTE: ("Toilette", ("Complète", "Au lavabo", "Partielle", "A refusé")),
    Nature.COUCHER: ("Coucher", ("Sans difficulté", "Avec aide", "Agitation", "A refusé")),
    Nature.COURSES: ("Courses", ("Tout trouvé", "Il en manque", "Ticket laissé")),
    Nature.MENAGE: ("Ménage", ("Tout fait", "En partie", "A refusé")),
    Nature.SOINS: ("Soins", ("Tout fait", "En partie", "A refusé", "À revoir")),
    Nature.SORTIE: ("Sortie", ("Faite", "Écourtée", "A refusé")),
    Nature.VEILLE: ("Présence", ("Calme", "Agitation", "Réveils")),
}


def _carte(
    etape: queries.Etape, mises_en_garde: dict[UUID, list[Any]], courante: queries.Etape | None
) -> dict[str, Any]:
    titre, mots = PUCES.get(etape.visite.nature, ("", ()))
    return {
        "visite": etape.visite,
        "gestes": etape.gestes,
        "prudences": mises_en_garde.get(etape.visite.usager_id, [])[:2],
        "puces_titre": titre,
        "puces": mots,
        "courante": etape is courante,
    }


def _contexte(request: HttpRequest, onglet: str) -> dict[str, Any]:
    intervenant = queries.intervenant_du_compte(request.user)
    tournee = queries.tournee_de(request.user, intervenant.pk if intervenant else None, today())
    courante = tournee.courante
    ouvertes = [e.visite.usager_id for e in tournee.etapes if e.visite.usager_nom != queries.FERME]
    mises_en_garde = prudences(request.user, ouvertes)
    cartes = [_carte(e, mises_en_garde, courante) for e in tournee.etapes if e not in tournee.faites]
    return contexte(request, onglet) | {
        "tournee": tournee,
        "cartes": cartes,
        "intervenant": intervenant,
        "total": len(tournee.etapes),
    }


@acces("telegestion.tournee.voir")
@require_GET
def tournee(request: HttpRequest) -> HttpResponse:
    """The day on one page: every visit left is in it, so that it goes on without any network."""
    return render(request, "telegestion/tournee.html", _contexte(request, "tournee"))


@acces("telegestion.tournee.voir")
@require_GET
def badger(request: HttpRequest) -> HttpResponse:
    return render(request, "telegestion/badger.html", _contexte(request, "badger"))


def _une(request: HttpRequest, cle: UUID, *, ouvrir: bool) -> HttpResponse:
    etape = queries.etape_de(request.user, cle)
    if etape is None:
        raise Http404
    # Own visits stay on the tour; what tells of the person closes with the dossier.
    exiger_usager(request.user, etape.visite.usager_id)
    mises_en_garde = prudences(request.user, [etape.visite.usager_id])
    carte = _carte(etape, mises_en_garde, etape)
    return render(
        request,
        "telegestion/visite_mobile.html",
        contexte(request, "tournee") | {"carte": carte, "ouvrir": ouvrir},
    )


@acces("telegestion.tournee.voir")
@require_GET
def visite(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _une(request, cle, ouvrir=False)


@acces("telegestion.tournee.voir")
@require_GET
def terminer(request: HttpRequest, cle: UUID) -> HttpResponse:
    """The same page with the last screen open."""
    return _une(request, cle, ouvrir=True)
