"""Paths of the shell: ``structure`` for a SAD's host, ``reseau`` for the operator's and the porteur's."""

from django.urls import path

from plateforme.web import views

structure = [
    path("", views.aujourdhui, name="aujourdhui"),
    path("recherche", views.palette, name="palette"),
    path("apparence", views.theme, name="theme"),
    path("aide", views.aide, name="aide"),
    path("notifications", views.notifications, name="notifications"),
]

reseau = [
    path("recherche", views.palette_reseau, name="palette"),
    path("apparence", views.theme_reseau, name="theme"),
    path("aide", views.aide_reseau, name="aide"),
]
