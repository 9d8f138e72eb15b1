"""The planning and the badges, for other software of the structure."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from plateforme.api.pagination import Page, paginer
from plateforme.api.problemes import Probleme
from plateforme.api.racine import porte
from plateforme.core.clock import today
from plateforme.core.errors import Introuvable
from telegestion import queries, services
from telegestion.models import Pointage
from telegestion.rules import Etat

router = Router(tags=["Télégestion"])


class PersonneVue(Schema):
    id: UUID
    nom: str


class InterventionVue(Schema):
    """``version`` goes back with the next change: somebody else's change meanwhile is a conflict."""

    id: UUID
    version: int
    debut: datetime
    fin: datetime
    nature: str
    etat: Etat
    consigne: str
    usager: PersonneVue
    intervenant: PersonneVue | None
    arrivee: datetime | None
    depart: datetime | None


class InterventionsDuJour(Schema):
    jour: date
    elements: list[InterventionVue]


class Planification(Schema):
    usager: UUID
    debut: datetime
    duree_minutes: int
    nature: str
    intervenant: UUID | None = None
    consigne: str = ""
    gestes: list[str] = []


class Deplacement(Schema):
    """``intervenant`` null: the visit becomes « à pourvoir »."""

    version: int
    debut: datetime
    intervenant: UUID | None
    duree_minutes: int | None = None


class Annulation(Schema):
    version: int
    motif: str


class PointageVu(Schema):
    id: UUID
    intervention: UUID | None
    intervenant: UUID
    sens: str
    pointe_a: datetime
    recu_a: datetime
    preuve: str


LECTURE: dict[int, Any] = {401: Probleme, 403: Probleme, 422: Probleme}
ECRITURE: dict[int, Any] = {400: Probleme, **LECTURE, 404: Probleme, 409: Probleme}


def _vue(visite: queries.Visite) -> dict[str, Any]:
    qui = {"id": visite.intervenant_id, "nom": visite.intervenant_nom} if visite.intervenant_id else None
    return {
        "id": visite.id,
        "version": visite.version,
        "debut": visite.debut,
        "fin": visite.fin,
        "nature": visite.nature,
        "etat": visite.etat,
        "consigne": visite.consigne,
        "usager": {"id": visite.usager_id, "nom": visite.usager_nom},
        "intervenant": qui,
        "arrivee": visite.arrivee,
        "depart": visite.depart,
    }


def _relire(request: HttpRequest, cle: UUID) -> dict[str, Any]:
    visite = queries.visite(request.user, cle)
    if visite is None:
        raise Introuvable
    return _vue(visite)


@router.get(
    "/interventions",
    auth=porte("telegestion.planning.voir"),
    response={200: InterventionsDuJour, **LECTURE},
    summary="Les interventions d’un jour",
)
def interventions(
    request: HttpRequest,
    jour: date | None = None,
    intervenant: UUID | None = None,
    usager: UUID | None = None,
    secteur: UUID | None = None,
    etat: Etat | None = None,
) -> dict[str, Any]:
    """``jour`` is a day of the structure's own zone; today by default."""
    jour = jour or today()
    if not services.ANNEES[0] <= jour.year <= services.ANNEES[1]:
        raise services.ChampRefuse("jour", "Cette date est trop lointaine.")
    journee = queries.journee(request.user, jour, secteur_id=secteur)
    elements = [
        _vue(v)
        for v in journee.visites
        if (intervenant is None or v.intervenant_id == intervenant)
        and (usager is None or v.usager_id == usager)
        and (etat is None or v.etat is etat)
    ]
    return {"jour": journee.jour, "elements": elements}


@router.post(
    "/interventions",
    auth=porte("telegestion.intervention.planifier"),
    response={201: InterventionVue, **ECRITURE},
    summary="Planifier une intervention",
)
def planifier(request: HttpRequest, demande: Planification) -> Status[Any]:
    faite = services.planifier_intervention(
        request.user,
        usager_id=demande.usager,
        debut=demande.debut,
        duree_minutes=demande.duree_minutes,
        nature=demande.nature,
        intervenant_id=demande.intervenant,
        consigne=demande.consigne,
        gestes=demande.gestes,
    )
    return Status(201, _relire(request, faite.intervention.pk))


@router.post(
    "/interventions/{uuid:cle}/deplacement",
    auth=porte("telegestion.intervention.deplacer"),
    response={200: InterventionVue, **ECRITURE},
    summary="Déplacer une intervention, ou la confier à quelqu’un",
)
def deplacer(request: HttpRequest, cle: UUID, demande: Deplacement) -> dict[str, Any]:
    services.deplacer_intervention(
        request.user,
        cle,
        debut=demande.debut,
        intervenant_id=demande.intervenant,
        duree_minutes=demande.duree_minutes,
        version=demande.version,
    )
    return _relire(request, cle)


@router.post(
    "/interventions/{uuid:cle}/annulation",
    auth=porte("telegestion.intervention.annuler"),
    response={200: InterventionVue, **ECRITURE},
    summary="Annuler une intervention",
)
def annuler(request: HttpRequest, cle: UUID, demande: Annulation) -> dict[str, Any]:
    services.annuler_intervention(request.user, cle, demande.motif, version=demande.version)
    return _relire(request, cle)


@router.get(
    "/pointages",
    auth=porte("telegestion.pointage.voir"),
    response={200: Page[PointageVu], **LECTURE},
    summary="Les pointages, du plus récent au plus ancien",
)
def pointages(
    request: HttpRequest, intervenant: UUID | None = None, apres: UUID | None = None, taille: int = 50
) -> dict[str, Any]:
    lignes = Pointage.objects.all()
    if intervenant is not None:
        lignes = lignes.filter(intervenant_id=intervenant)
    page, suivant = paginer(lignes, apres=apres, taille=taille)
    elements = [
        {
            "id": p.pk,
            "intervention": p.intervention_id,
            "intervenant": p.intervenant_id,
            "sens": p.sens,
            "pointe_a": p.pointe_a,
            "recu_a": p.recu_a,
            "preuve": p.preuve,
        }
        for p in page
    ]
    return {"elements": elements, "suivant": suivant}
