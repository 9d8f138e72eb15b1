"""The network's own site: operators and porteurs."""

from django.urls import include, path

from config.urls_commun import urlpatterns as communes
from plateforme.habilitations.urls import reseau as droits
from plateforme.identity.oidc.web import urls as oidc
from plateforme.identity.web import urls as identite
from plateforme.observability import metriques
from plateforme.web import urls as coquille
from socles.mie.web import urls as mie
from tenants.deploiement.web import urls as deploiement
from tenants.projet.web import urls as projet
from tenants.rgpd.web import urls as rgpd

urlpatterns = [
    path("metrics", metriques.metrics),
    *communes,
    *coquille.reseau,
    *identite.reseau,
    *oidc.reseau,
    *droits,
    path("", include("tenants.web.urls")),
    *deploiement.reseau,
    *projet.reseau,
    *rgpd.reseau,
    *mie.reseau,
]

handler400 = "plateforme.web.erreurs.handler400"
handler403 = "plateforme.web.erreurs.handler403"
handler404 = "plateforme.web.erreurs.handler404"
handler500 = "plateforme.web.erreurs.handler500"
