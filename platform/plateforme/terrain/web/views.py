"""Pages of the phone that belong to no domain: me, my sendings, the manifest."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from plateforme.habilitations.acces import acces, acces_libre
from plateforme.terrain import queries
from plateforme.terrain.web.poche import contexte


@acces("terrain.poche.ouvrir")
@require_GET
def moi(request: HttpRequest) -> HttpResponse:
    return render(request, "terrain/moi.html", contexte(request, "moi"))


@acces("terrain.poche.ouvrir")
@require_GET
def envois(request: HttpRequest) -> HttpResponse:
    """What waits is on the phone: its script writes it. What arrived is told by the server."""
    compte: Any = request.user
    recus = queries.derniers_de(compte.pk)
    return render(request, "terrain/envois.html", contexte(request, "moi") | {"recus": recus})


@acces_libre
@require_GET
def manifeste(request: HttpRequest) -> HttpResponse:
    """Fetched without a cookie, so it names the service and nobody."""
    structure = getattr(request, "structure", None)
    nom = structure.nom if structure is not None else "Treille"
    icones = [
        {
            "src": static(f"plateforme/icones/{fichier}"),
            "sizes": taille,
            "type": "image/png",
            "purpose": usage,
        }
        for fichier, taille, usage in (
            ("icone-192.png", "192x192", "any"),
            ("icone-512.png", "512x512", "any"),
            ("icone-512-masque.png", "512x512", "maskable"),
        )
    ]
    corps = {
        "id": "/m/",
        "name": f"Ma tournée, {nom}",
        "short_name": "Ma tournée",
        "lang": "fr",
        "start_url": "/m/",
        "scope": "/m/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f6f5f1",
        "theme_color": "#0b5c54",
        "icons": icones,
    }
    return JsonResponse(
        corps, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
