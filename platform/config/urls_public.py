"""The network's own site: operators and porteurs."""

from config.urls_commun import urlpatterns as communes

urlpatterns = [*communes]
