"""The phone's shell. The tour itself belongs to telegestion: ``m/`` is there."""

from django.urls import path

from plateforme.terrain.web import views

urlpatterns = [
    path("m/moi", views.moi, name="poche_moi"),
    path("m/envois", views.envois, name="poche_envois"),
    path("m/manifest.webmanifest", views.manifeste, name="poche_manifeste"),
]
