"""The cahier de liaison, for other software of the structure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from liaison import queries, services
from liaison.models import Audience, Observation, Transmission
from plateforme.api.pagination import Page, paginer
from plateforme.api.problemes import Probleme
from plateforme.api.racine import porte
from plateforme.core.errors import Introuvable

router = Router(tags=["Transmissions"])


class PersonneVue(Schema):
    id: UUID
    nom: str


class TransmissionVue(Schema):
    """``lue``: by the account that asks. ``corrige``: the note this one takes the place of."""

    id: UUID
    usager: PersonneVue
    auteur: PersonneVue
    intervention: UUID | None
    observation: str
    audience: Audience
    texte: str
    puces: list[str]
    ecrite_a: datetime
    lue: bool
    lecteurs: int
    corrige: UUID | None


class Note(Schema):
    usager: UUID
    texte: str = ""
    observation: Observation | None = None
    audience: Audience = Audience.EQUIPE
    puces: list[str] = []
    intervention: UUID | None = None


class Lues(Schema):
    nombre: int


LECTURE: dict[int, Any] = {401: Probleme, 403: Probleme, 422: Probleme}


def _vue(note: Any) -> dict[str, Any]:
    return {
        "id": note.pk,
        "usager": {"id": note.usager_id, "nom": note.usager.nom_complet},
        "auteur": {"id": note.auteur_id, "nom": note.auteur.nom_complet},
        "intervention": note.intervention_id,
        "observation": note.observation,
        "audience": note.audience,
        "texte": note.texte,
        "puces": note.puces,
        "ecrite_a": note.ecrite_a,
        "lue": note.lue_par_moi,
        "lecteurs": note.lecteurs,
        "corrige": note.corrige_id,
    }


def _relire(request: HttpRequest, cle: UUID) -> dict[str, Any]:
    note: Transmission | None = queries.transmission(request.user, cle)
    if note is None:
        raise Introuvable
    return _vue(note)


@router.get(
    "",
    auth=porte("liaison.transmission.lire"),
    response={200: Page[TransmissionVue], **LECTURE},
    summary="Les transmissions que ce compte peut lire, de la plus récente à la plus ancienne",
)
def lister(
    request: HttpRequest,
    filtre: str = "",
    usager: UUID | None = None,
    apres: UUID | None = None,
    taille: int = 50,
) -> dict[str, Any]:
    """``filtre``: non_lues, surveiller, soins. The order is that of their arrival."""
    lignes = queries.lister(request.user, filtre=filtre, usager_id=usager)
    page, suivant = paginer(lignes, apres=apres, taille=taille)
    return {"elements": [_vue(note) for note in page], "suivant": suivant}


@router.post(
    "",
    auth=porte("liaison.transmission.publier"),
    response={201: TransmissionVue, 400: Probleme, **LECTURE, 404: Probleme},
    summary="Écrire une transmission",
)
def ecrire(request: HttpRequest, note: Note) -> Status[Any]:
    ecrite = services.publier_transmission(
        request.user,
        usager_id=note.usager,
        texte=note.texte,
        observation=note.observation or "",
        audience=note.audience,
        puces=note.puces,
        intervention_id=note.intervention,
    )
    return Status(201, _relire(request, ecrite.pk))


@router.get(
    "/{uuid:cle}",
    auth=porte("liaison.transmission.lire"),
    response={200: TransmissionVue, **LECTURE, 404: Probleme},
    summary="Une transmission",
)
def lire(request: HttpRequest, cle: UUID) -> dict[str, Any]:
    return _relire(request, cle)


@router.post(
    "/{uuid:cle}/lecture",
    auth=porte("liaison.transmission.lire"),
    response={200: TransmissionVue, **LECTURE, 404: Probleme},
    summary="Marquer une transmission comme lue",
)
def marquer(request: HttpRequest, cle: UUID) -> dict[str, Any]:
    services.marquer_lue(request.user, cle)
    return _relire(request, cle)


@router.post(
    "/lectures",
    auth=porte("liaison.transmission.lire"),
    response={200: Lues, **LECTURE},
    summary="Tout marquer comme lu",
)
def tout_marquer(request: HttpRequest) -> dict[str, Any]:
    return {"nombre": services.tout_marquer_lu(request.user)}
