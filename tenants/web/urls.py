"""Paths of the network's site."""

from django.urls import path

from tenants.web import modele, views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("console/structures", views.structures, name="structures"),
    path("console/structures/ouvrir", views.ouvrir_une_liste, name="ouvrir_structures"),
    path("console/structures/<uuid:structure_id>", views.structure, name="structure"),
    path("console/structures/<uuid:structure_id>/archiver", views.archiver, name="archiver_structure"),
    path(
        "console/structures/<uuid:structure_id>/direction",
        views.inviter_la_direction,
        name="inviter_la_direction",
    ),
    path("console/structures/<uuid:structure_id>/<slug:geste>", views.changer_l_etat, name="changer_l_etat"),
    path("console/flotte", views.flotte, name="flotte"),
    path("console/flotte/mettre-a-jour", views.mettre_a_jour, name="mettre_a_jour"),
    path("console/travaux", views.liste_des_travaux, name="travaux"),
    path("console/travaux/<uuid:travail_id>", views.travail, name="travail"),
    path("console/travaux/<uuid:travail_id>/suivi", views.suivre_travail, name="suivre_travail"),
    path("console/travaux/<uuid:travail_id>/annuler", views.annuler_travail, name="annuler_travail"),
    path("console/grappes", views.grappes, name="grappes"),
    path("console/grappes/ouvrir", views.ouvrir_une_grappe, name="ouvrir_grappe"),
    path("grappe/droits", modele.modele_de_droits, name="modele_de_droits"),
    path("grappe/droits/<uuid:cellule_id>/retirer", modele.retirer_une_cellule, name="modele_retirer"),
]
