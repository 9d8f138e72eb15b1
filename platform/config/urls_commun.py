"""Served on every host."""

from django.urls import path

from plateforme.observability import sante

urlpatterns = [
    path("livez", sante.livez),
    path("readyz", sante.readyz),
]
