"""Paths of the shell: ``structure`` for a SAD's host, ``reseau`` for the operator's and the porteur's."""

from django.urls import path

from plateforme.web import views

_COMMUNES = [
    path("connexion", views.connexion, name="connexion"),
    path("deconnexion", views.deconnexion, name="deconnexion"),
]

structure = [
    path("", views.aujourdhui, name="aujourdhui"),
    *_COMMUNES,
    path("recherche", views.palette, name="palette"),
    path("apparence", views.theme, name="theme"),
    path("aide", views.aide, name="aide"),
    path("notifications", views.notifications, name="notifications"),
]

reseau = [
    *_COMMUNES,
    path("recherche", views.palette_reseau, name="palette"),
    path("apparence", views.theme_reseau, name="theme"),
    path("aide", views.aide_reseau, name="aide"),
]
