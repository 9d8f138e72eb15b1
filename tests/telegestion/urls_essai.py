"""A structure's site with the shell, télégestion, the phone and their APIs."""

from django.urls import include, path

from plateforme.api.racine import construire
from plateforme.terrain.api import router as terrain
from plateforme.web.urls import structure
from telegestion.api import router as telegestion

_api = construire("Essai", "essai-telegestion", {"/telegestion": telegestion, "": terrain}, None)
_motifs = _api.urls
for _motif in _motifs[0]:
    if getattr(_motif, "callback", None) is not None:
        _motif.callback.api_treille = True

urlpatterns = [
    *structure,
    path("", include("telegestion.web.urls")),
    path("", include("plateforme.terrain.urls")),
    path("api/v1/", _motifs),
]
