"""Paths of a structure’s site, then of the network’s."""

from django.urls import URLPattern, path

from socles.mie.web import besoins, cartes, certificats, contrat, grappe

structure: list[URLPattern] = [
    path("mie", certificats.liste, name="mie"),
    path("mie/certificats/generer", certificats.generer, name="mie_generer"),
    path("mie/certificats/importer", certificats.importer, name="mie_importer"),
    path("mie/certificats/<uuid:cle>", certificats.fiche, name="mie_certificat"),
    path("mie/certificats/<uuid:cle>/demande", certificats.telecharger_la_demande, name="mie_demande"),
    path("mie/certificats/<uuid:cle>/certificat", certificats.telecharger, name="mie_telecharger"),
    path("mie/certificats/<uuid:cle>/deposer", certificats.deposer, name="mie_deposer"),
    path("mie/certificats/<uuid:cle>/essayer", certificats.essayer, name="mie_essayer"),
    path("mie/certificats/<uuid:cle>/basculer", certificats.basculer, name="mie_basculer"),
    path("mie/certificats/<uuid:cle>/revenir", certificats.revenir, name="mie_revenir"),
    path("mie/certificats/<uuid:cle>/clore", certificats.clore, name="mie_clore"),
    path("mie/certificats/<uuid:cle>/abandonner", certificats.abandonner, name="mie_abandonner"),
    path("mie/certificats/<uuid:cle>/deleguer", certificats.deleguer, name="mie_deleguer"),
    path("mie/delegations/<uuid:cle>/retirer", certificats.retirer_delegation, name="mie_retirer_delegation"),
    path("mie/cartes", cartes.liste, name="mie_cartes"),
    path("mie/cartes/commander", cartes.commander, name="mie_commander"),
    path("mie/cartes/<uuid:cle>", cartes.carte, name="mie_carte"),
    path("mie/rpps/<uuid:cle>", cartes.rpps, name="mie_rpps"),
    path("mie/besoins", besoins.besoins, name="mie_besoins"),
    path("mie/besoins/questionnaire", besoins.questionnaire, name="mie_questionnaire"),
    path("mie/besoins/bon-de-commande.csv", besoins.commande_csv, name="mie_commande_csv"),
    path("mie/besoins/bon-de-commande.pdf", besoins.commande_pdf, name="mie_commande_pdf"),
    path("mie/contrat", contrat.contrat, name="mie_contrat"),
    path("mie/contrat/modifier", contrat.modifier_contrat, name="mie_modifier_contrat"),
    path("mie/contrat/representant", contrat.changer_de_representant, name="mie_representant"),
    path("mie/contrat/piece", contrat.piece, name="mie_piece"),
    path("mie/administrateur", contrat.designer, name="mie_designer"),
    path("mie/boites/nouvelle", contrat.nouvelle_boite, name="mie_nouvelle_boite"),
    path("mie/boites/<uuid:cle>", contrat.boite, name="mie_boite"),
]
reseau: list[URLPattern] = [
    path("grappe/mie", grappe.echeances, name="mie_grappe"),
    path("grappe/mie/calendrier", grappe.calendrier, name="mie_calendrier"),
    path("grappe/mie/calendrier/retirer", grappe.retirer, name="mie_calendrier_retirer"),
    path("calendrier/<str:jeton>.ics", grappe.flux, name="mie_flux"),
]
