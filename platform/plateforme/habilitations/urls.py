"""Pages of rights, on a structure's site."""

from django.urls import path

from plateforme.habilitations.web import apercu, bris, fichier, matrice, revue, support

urlpatterns = [
    path("acces-exceptionnel", bris.chercher, name="bris_chercher"),
    path("acces-exceptionnel/<uuid:cle>", bris.ouvrir, name="bris_ouvrir"),
    path("acces-exceptionnels", bris.registre, name="bris_registre"),
    path("acces-exceptionnels/<uuid:cle>/refermer", bris.refermer, name="bris_refermer"),
    path("acces-exceptionnels/<uuid:cle>/avis", bris.revoir, name="bris_revoir"),
    path("habilitations", matrice.matrice, name="matrice"),
    path("habilitations/modele", matrice.modele, name="matrice_modele"),
    path("habilitations/regler", matrice.regler, name="matrice_regler"),
    path("habilitations/voir-comme", apercu.choisir, name="apercu"),
    path("habilitations/voir-comme/<uuid:cle>", apercu.voir, name="apercu_compte"),
    path("habilitations/fichiers", fichier.accueil, name="droits_fichier"),
    path("habilitations/comptes.csv", fichier.exporter, name="droits_exporter"),
    path("habilitations/fichiers/deposer", fichier.importer, name="droits_importer"),
    path("habilitations/fichiers/appliquer", fichier.appliquer, name="droits_appliquer"),
    path("habilitations/revues", revue.liste, name="revues"),
    path("habilitations/revues/ouvrir", revue.ouvrir, name="revue_ouvrir"),
    path("habilitations/revues/<uuid:cle>", revue.revue, name="revue"),
    path("habilitations/revues/<uuid:cle>/decider", revue.decider, name="revue_decider"),
    path("habilitations/revues/<uuid:cle>/signer", revue.signer, name="revue_signer"),
    path("habilitations/revues/<uuid:cle>/verifier", revue.verifier, name="revue_verifier"),
    path("habilitations/revues/<uuid:cle>/telecharger", revue.telecharger, name="revue_telecharger"),
    path("habilitations/support", support.registre, name="support"),
    path("habilitations/support/accorder", support.accorder, name="support_accorder"),
    path("habilitations/support/<uuid:cle>/retirer", support.retirer, name="support_retirer"),
    path("support", support.entrer, name="support_entrer"),
    path("support/depart", support.depart, name="support_depart"),
]

reseau = [path("support/passage", support.passage, name="support_passage")]
