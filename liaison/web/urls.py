"""Pages of the cahier de liaison."""

from django.urls import path

from liaison.web import views

urlpatterns = [
    path("transmissions", views.transmissions, name="transmissions"),
    path("transmissions/nouvelle", views.nouvelle, name="transmission_nouvelle"),
    path("transmissions/lues", views.tout_lire, name="transmissions_lues"),
    path("transmissions/<uuid:cle>", views.transmission, name="transmission"),
    path("transmissions/<uuid:cle>/lue", views.lire, name="transmission_lue"),
    path("transmissions/<uuid:cle>/corriger", views.corriger, name="transmission_corriger"),
]
