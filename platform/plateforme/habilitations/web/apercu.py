"""« Voir comme »: choose an account, see what it may do and open."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from plateforme.habilitations.acces import acces
from plateforme.habilitations.services import apercu as services
from plateforme.habilitations.web.onglets import onglets


@acces(services.VOIR)
@require_GET
def choisir(request: HttpRequest) -> HttpResponse:
    contexte = {"onglets": onglets(request, "apercu"), "comptes": services.comptes_a_voir()}
    return render(request, "habilitations/apercu_choisir.html", contexte)


@acces(services.VOIR)
@require_GET
def voir(request: HttpRequest, cle: UUID) -> HttpResponse:
    brut = request.GET.get("page", "1")
    page = max(1, int(brut)) if brut.isascii() and brut.isdecimal() and len(brut) < 6 else 1
    with transaction.atomic():
        vu = services.apercu(request.user, cle, page)
    contexte: dict[str, Any] = {"vu": vu, "page": page, "suite": page * services.PAR_PAGE < vu.communs}
    return render(request, "habilitations/apercu.html", contexte)
