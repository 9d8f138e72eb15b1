"""Paths of a structure’s site, then of the network’s."""

from django.urls import path

from tenants.deploiement.web import console, grappe, suivi
from tenants.deploiement.web import structure as sienne

structure = [
    path("deploiement", sienne.deploiement, name="deploiement"),
    path("deploiement/maturite", sienne.questionnaire, name="deploiement_maturite"),
    path("deploiement/signature", sienne.vsr, name="deploiement_vsr"),
    path("deploiement/proces-verbal", sienne.proces_verbal, name="deploiement_pv"),
    path("deploiement/etapes/<slug:code>", sienne.etape, name="deploiement_etape"),
    path("deploiement/etapes/<slug:code>/piece", sienne.piece, name="deploiement_piece"),
    path("deploiement/etapes/<slug:code>/faite", sienne.marquer, name="deploiement_marquer"),
    path("deploiement/etapes/<slug:code>/rouvrir", sienne.rouvrir, name="deploiement_rouvrir"),
    path("deploiement/etapes/<slug:code>/deroger", sienne.deroger, name="deploiement_deroger"),
    path("deploiement/etapes/<slug:code>/sans-objet", sienne.sans_objet, name="deploiement_sans_objet"),
]

reseau = [
    path("grappe", grappe.ma_grappe, name="ma_grappe"),
    path("grappe/deploiements/ouvrir", grappe.ouvrir_des_parcours, name="deploiement_ouvrir"),
    path("grappe/vagues", grappe.vagues, name="deploiement_vagues"),
    path("grappe/membres", grappe.inscrire_des_membres, name="deploiement_membres"),
    path("grappe/membres/<uuid:travail_id>", suivi.travail, name="deploiement_travail"),
    path("grappe/membres/<uuid:travail_id>/suivi", suivi.suivre, name="deploiement_travail_suivi"),
    path("grappe/copil.pdf", grappe.copil_pdf, name="deploiement_copil_pdf"),
    path("grappe/copil.csv", grappe.copil_csv, name="deploiement_copil_csv"),
    path("grappe/structures/<uuid:structure_id>", grappe.membre, name="deploiement_membre"),
    path("grappe/structures/<uuid:structure_id>/date", grappe.planifier, name="deploiement_planifier"),
    path(
        "grappe/structures/<uuid:structure_id>/etapes/<slug:code>",
        grappe.etape,
        name="deploiement_membre_etape",
    ),
    path("console/grappes/<uuid:grappe_id>", console.grappe, name="grappe"),
    path("console/deploiement", console.deploiements, name="deploiements"),
    path("console/deploiement/<uuid:structure_id>", console.structure, name="deploiement_console_structure"),
    path(
        "console/deploiement/<uuid:structure_id>/etapes/<slug:code>",
        console.etape,
        name="deploiement_console_etape",
    ),
    path("console/gabarits", console.liste_des_gabarits, name="deploiement_gabarits"),
    path("console/gabarits/<uuid:gabarit_id>", console.gabarit, name="deploiement_gabarit"),
    path(
        "console/gabarits/<uuid:gabarit_id>/version",
        console.nouvelle_version,
        name="deploiement_gabarit_version",
    ),
    path("console/gabarits/<uuid:gabarit_id>/publier", console.publier, name="deploiement_gabarit_publier"),
    path(
        "console/gabarits/<uuid:gabarit_id>/etapes/<slug:code>",
        console.etape_de_gabarit,
        name="deploiement_gabarit_etape",
    ),
    path(
        "console/gabarits/<uuid:gabarit_id>/etapes/<slug:code>/retirer",
        console.retirer_une_etape,
        name="deploiement_gabarit_retirer",
    ),
]
