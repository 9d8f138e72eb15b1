"""One structure's site."""

from config.urls_commun import urlpatterns as communes

urlpatterns = [*communes]
