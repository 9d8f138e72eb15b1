"""Pages of rights, on a structure's site."""

from django.urls import path

from plateforme.habilitations.web import bris, matrice

urlpatterns = [
    path("acces-exceptionnel", bris.chercher, name="bris_chercher"),
    path("acces-exceptionnel/<uuid:cle>", bris.ouvrir, name="bris_ouvrir"),
    path("acces-exceptionnels", bris.registre, name="bris_registre"),
    path("acces-exceptionnels/<uuid:cle>/refermer", bris.refermer, name="bris_refermer"),
    path("acces-exceptionnels/<uuid:cle>/avis", bris.revoir, name="bris_revoir"),
    path("habilitations", matrice.matrice, name="matrice"),
    path("habilitations/regler", matrice.regler, name="matrice_regler"),
]
