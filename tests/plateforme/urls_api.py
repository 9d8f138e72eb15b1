"""A structure's site with an API made of refusals."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest
from django.urls import path
from ninja import Router, Schema, Status

from plateforme.api.idempotence import idempotente
from plateforme.api.pagination import Page, paginer
from plateforme.api.racine import construire, porte
from plateforme.core.errors import Conflit, Introuvable
from plateforme.notifications.models import Notification
from plateforme.web.urls import structure
from tests.support.monde import CANARI_A, compte

router = Router()
# Any action of the office will do: Alice holds it, Awa does not.
BUREAU = porte("plateforme.api.documenter")
APPELS: list[str] = []


class Corps(Schema):
    nom: str
    age: int


class Ligne(Schema):
    id: UUID
    titre: str


@router.get("/conflit", auth=BUREAU)
def conflit(request: HttpRequest) -> None:
    raise Conflit


@router.get("/introuvable", auth=BUREAU)
def introuvable(request: HttpRequest) -> None:
    raise Introuvable


@router.get("/http404", auth=BUREAU)
def http404(request: HttpRequest) -> None:
    raise Http404(CANARI_A)


@router.get("/interdit", auth=BUREAU)
def interdit(request: HttpRequest) -> None:
    raise PermissionDenied("Ce dossier n’est pas dans votre secteur.")


@router.get("/casse", auth=BUREAU)
def casse(request: HttpRequest) -> None:
    raise ValueError(CANARI_A)


@router.get("/sans-base", auth=BUREAU)
def sans_base(request: HttpRequest) -> None:
    raise OperationalError(CANARI_A)


@router.get("/non-declare")
def non_declare(request: HttpRequest) -> dict[str, bool]:
    return {"atteint": True}


@router.post("/corps", auth=BUREAU)
def corps(request: HttpRequest, payload: Corps) -> dict[str, bool]:
    return {"atteint": True}


@router.get("/page", auth=BUREAU, response=Page[Ligne])
def page(request: HttpRequest, apres: UUID | None = None, taille: int = 2) -> dict[str, Any]:
    elements, suivant = paginer(Notification.objects.all(), apres=apres, taille=taille)
    return {"elements": elements, "suivant": suivant}


@router.post("/notes", auth=BUREAU, response={201: Ligne})
@idempotente
def noter(request: HttpRequest, payload: Corps) -> Status:
    APPELS.append(payload.nom)
    if payload.nom == "refuse":
        raise Conflit
    with transaction.atomic():
        ligne = Notification.objects.create(compte=compte("alice"), titre=payload.nom)
    if payload.nom == "casse":
        raise ZeroDivisionError
    return Status(201, ligne)


api = construire("Essai", "api", {"/essai": router}, None)
urlpatterns = [*structure, path("api/v1/", api.urls)]
handler404 = "plateforme.web.erreurs.handler404"
