"""Paths of a structure’s site, then of the network’s."""

from django.urls import URLPattern, path

from dossier.reprise.web import depot, resultats, signature, suivi

structure: list[URLPattern] = [
    path("reprise", depot.liste, name="reprises"),
    path("reprise/nouvelle", depot.nouvelle, name="reprise_nouvelle"),
    path("reprise/<uuid:cle>", suivi.reprise, name="reprise"),
    path("reprise/<uuid:cle>/suivi", suivi.suivre, name="reprise_suivi"),
    path("reprise/<uuid:cle>/continuer", suivi.continuer, name="reprise_continuer"),
    path("reprise/<uuid:cle>/abandonner", suivi.abandonner, name="reprise_abandonner"),
    path("reprise/<uuid:cle>/colonnes", depot.colonnes, name="reprise_colonnes"),
    path("reprise/<uuid:cle>/feuille", depot.feuille, name="reprise_feuille"),
    path("reprise/<uuid:cle>/correspondance", depot.correspondance, name="reprise_correspondance"),
    path("reprise/<uuid:cle>/secteurs", resultats.secteurs, name="reprise_secteurs"),
    path("reprise/<uuid:cle>/rapport.csv", resultats.rapport, name="reprise_rapport"),
    path("reprise/<uuid:cle>/lignes/<uuid:ligne>/decision", resultats.decision, name="reprise_decision"),
    path("reprise/<uuid:cle>/importer", resultats.importer, name="reprise_importer"),
    path("reprise/<uuid:cle>/echantillon", signature.echantillon, name="reprise_echantillon"),
    path("reprise/<uuid:cle>/echantillon/<uuid:ligne>", signature.controler, name="reprise_controler"),
    path("reprise/<uuid:cle>/signer", signature.signer, name="reprise_signer"),
    path("reprise/<uuid:cle>/annulation", signature.avant_d_annuler, name="reprise_annulation"),
    path("reprise/<uuid:cle>/annuler", signature.annuler, name="reprise_annuler"),
]
reseau: list[URLPattern] = []
