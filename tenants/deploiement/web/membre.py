"""A structure's deployment seen from the network: states, never a dossier."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.deploiement.models import Releve
from tenants.deploiement.queries import Fiche


def page_du_membre(
    request: HttpRequest,
    fiche: Fiche,
    *,
    base: str,
    retour: str,
    parent: str,
    planifier: forms.Form | None = None,
) -> HttpResponse:
    contexte: dict[str, Any] = {
        "fiche": fiche,
        "base_etape": base,
        "retour": retour,
        "parent": parent,
        "planifier": planifier,
        "releve_a": Releve.objects.filter(structure_id=fiche.parcours.structure_id)
        .order_by("-releve_a")
        .values_list("releve_a", flat=True)
        .first(),
    }
    refuse = planifier is not None and bool(planifier.errors)
    return render(request, "deploiement/membre.html", contexte, status=422 if refuse else 200)
