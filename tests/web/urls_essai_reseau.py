"""The network's site, shell only."""

from config.urls_commun import urlpatterns as communes
from plateforme.identity.web import urls as identite
from plateforme.web import urls

urlpatterns = [*communes, *urls.reseau, *identite.reseau]
