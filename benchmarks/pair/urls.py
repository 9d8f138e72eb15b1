"""Two operations: no query, and a list of twenty rows."""

from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.urls import path
from ninja import NinjaAPI, Schema

api = NinjaAPI(urls_namespace="banc", docs_url=None)


Secteur = apps.get_model(settings.BANC_MODELE)


class Ligne(Schema):
    id: UUID
    nom: str


@api.get("/ping")
def ping(request):
    return {"ok": True}


@api.get("/liste", response=list[Ligne])
def liste(request):
    return list(Secteur.objects.order_by("nom")[:20])


urlpatterns = [path("api/", api.urls)]
