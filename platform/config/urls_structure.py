"""One structure's site."""

from django.urls import include, path

from config.api import api_structure
from config.urls_commun import urlpatterns as communes
from dossier.reprise.web import urls as reprise
from plateforme.identity.oidc.web import urls as oidc
from plateforme.identity.web import urls as identite
from plateforme.web import urls as coquille
from socles.mie.web import urls as mie
from tenants.deploiement.web import urls as deploiement
from tenants.rgpd.web import urls as rgpd

urlpatterns = [
    *communes,
    *coquille.structure,
    *identite.structure,
    path("", include("plateforme.habilitations.urls")),
    path("", include("plateforme.audit.urls")),
    path("", include("plateforme.formation.web")),
    path("", include("plateforme.demandes.web")),
    *oidc.structure,
    path("", include("dossier.web.urls")),
    path("", include("liaison.web.urls")),
    path("", include("telegestion.web.urls")),
    path("", include("plateforme.terrain.urls")),
    *reprise.structure,
    *mie.structure,
    *deploiement.structure,
    *rgpd.structure,
    path("api/v1/", api_structure.urls),
]

handler400 = "plateforme.web.erreurs.handler400"
handler403 = "plateforme.web.erreurs.handler403"
handler404 = "plateforme.web.erreurs.handler404"
handler500 = "plateforme.web.erreurs.handler500"
