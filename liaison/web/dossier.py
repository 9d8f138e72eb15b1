"""What visits and notes bring to a person's page: its timeline and its side column."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.timezone import localtime

from dossier.models import Usager
from dossier.registres import Prochaine
from dossier.rules import rendez_vous
from liaison import queries
from liaison.models import Audience, Observation, Transmission
from plateforme.core.clock import now, today
from plateforme.habilitations.roles import TERRAIN
from plateforme.web.registres import EntreeFil
from telegestion.models import Geste, Intervenant, Intervention, Statut
from telegestion.queries import Visite, interventions_visibles, visites_de
from telegestion.rules import Etat

AUTOUR = timedelta(days=30)
ECART_DIT = 5
NOMBRE_PROCHAINES = 3
NOMBRE_EQUIPE = 6

# Ton and icon of the chip of a state; its word is the state's own.
ETATS = {
    Etat.FAITE: ("ok", "check"),
    Etat.EN_COURS: ("info", "circle-dot"),
    Etat.EN_RETARD: ("alerte", "clock-alert"),
    Etat.A_POURVOIR: ("attention", "user-round-x"),
    Etat.A_VENIR: ("", "calendar-clock"),
    Etat.MANQUEE: ("attention", "circle-x"),
    Etat.ANNULEE: ("", "ban"),
}
MOTS = {Etat.MANQUEE: "Sans badge"}
OBSERVATIONS = {
    Observation.PREVENIR: ("alerte", "triangle-alert"),
    Observation.SURVEILLER: ("attention", "triangle-alert"),
    Observation.HABITUDE: ("", "smile"),
}


def fil_interventions(
    request: HttpRequest, usager_id: UUID, avant: datetime | None, limite: int
) -> Iterable[EntreeFil]:
    """Visits begun by now, from their planned start. Three queries: visits, badges, gestures."""
    lignes = interventions_visibles(request.user).filter(usager_id=usager_id, debut__lte=now())
    if avant is not None:
        lignes = lignes.filter(debut__lt=avant)
    choisies = lignes.order_by("-debut").values("pk")[:limite]
    visites = visites_de(Intervention.objects.filter(pk__in=choisies), now())
    gestes = _gestes([v.id for v in visites])
    return [_entree_visite(visite, gestes.get(visite.id, (0, 0))) for visite in reversed(visites)]


def _gestes(visites: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Done and planned gestures, by visit."""
    comptes = (
        Geste.objects.filter(intervention_id__in=visites)
        .order_by()
        .values_list("intervention_id")
        .annotate(faits=Count("pk", filter=Q(fait_a__isnull=False)), prevus=Count("pk"))
    )
    return {cle: (faits, prevus) for cle, faits, prevus in comptes}


def _entree_visite(visite: Visite, gestes: tuple[int, int]) -> EntreeFil:
    ton, icone = ETATS[visite.etat]
    faites = visite.minutes_faites
    ecart = faites - visite.minutes if faites is not None else 0
    return EntreeFil(
        cle=f"intervention-{visite.id}",
        quand=visite.debut,
        famille="intervention",
        icone="clock",
        titre=visite.nature_libelle,
        auteur=visite.intervenant_nom or "à pourvoir",
        gabarit="liaison/_fil_intervention.html",
        donnees={
            "visite": visite,
            "ton": ton,
            "icone": icone,
            "mot": MOTS.get(visite.etat, visite.etat_libelle),
            "ecart": ecart if abs(ecart) >= ECART_DIT else 0,
            "ecart_absolu": abs(ecart),
            "gestes_faits": gestes[0],
            "gestes_prevus": gestes[1],
        },
    )


def fil_transmissions(
    request: HttpRequest, usager_id: UUID, avant: datetime | None, limite: int
) -> Iterable[EntreeFil]:
    lignes = queries.lister(request.user, usager_id=usager_id)
    if avant is not None:
        lignes = lignes.filter(ecrite_a__lt=avant)
    return [_entree_note(note) for note in lignes[:limite]]


def _entree_note(note: Transmission) -> EntreeFil:
    ton = {Observation.PREVENIR.value: "alerte", Observation.SURVEILLER.value: "attention"}
    return EntreeFil(
        cle=f"transmission-{note.pk}",
        quand=note.ecrite_a,
        famille="transmission",
        icone="notebook-pen",
        titre="Transmission de soins" if note.audience == Audience.SOINS else "Transmission",
        auteur=note.auteur.nom_complet,
        gabarit="liaison/_fil_transmission.html",
        donnees={"t": note},
        ton=ton.get(note.observation, "marque"),
    )


def _a_venir(compte: Any) -> Any:
    return interventions_visibles(compte).filter(fin__gt=now()).exclude(statut=Statut.ANNULEE)


def prochaines(compte: Any, usagers: Sequence[UUID]) -> Mapping[UUID, Prochaine]:
    """The next visit of each person of a list: one query."""
    lignes = (
        _a_venir(compte)
        .filter(usager_id__in=usagers)
        .select_related("intervenant")
        .order_by("usager_id", "debut")
        .distinct("usager_id")
    )
    return {ligne.usager_id: Prochaine(ligne.debut, _quoi(ligne)) for ligne in lignes}


def _quoi(ligne: Intervention) -> str:
    qui = ligne.intervenant.nom_complet if ligne.intervenant else "à pourvoir"
    return f"{ligne.get_nature_display()}, {qui}"


def prochaines_interventions(request: HttpRequest, usager: Usager) -> dict[str, Any]:
    lignes = _a_venir(request.user).filter(usager_id=usager.pk).select_related("intervenant")
    jour = today()
    visites = [
        {"visite": ligne, "dite": rendez_vous(localtime(ligne.debut), jour), "minutes": ligne.periode.minutes}
        for ligne in lignes.order_by("debut")[:NOMBRE_PROCHAINES]
    ]
    role = getattr(request.user, "role", "")
    return {"visites": visites, "usager": usager, "planning": role not in TERRAIN}


def equipe(request: HttpRequest, usager: Usager) -> dict[str, Any]:
    """Who goes there, a month back and ahead; the one who goes most often first."""
    instant = now()
    lignes = (
        Intervenant.objects.filter(
            interventions__usager_id=usager.pk,
            interventions__debut__range=(instant - AUTOUR, instant + AUTOUR),
            interventions__statut=Statut.PREVUE,
        )
        .annotate(visites=Count("interventions"))
        .order_by("-visites", "cle_tri")[: NOMBRE_EQUIPE + 1]
    )
    trouves = list(lignes)
    return {"equipe": trouves[:NOMBRE_EQUIPE], "autres": len(trouves) > NOMBRE_EQUIPE, "usager": usager}
