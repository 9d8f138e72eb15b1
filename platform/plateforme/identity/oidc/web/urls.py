"""``reseau``: the addresses Pro Santé Connect knows. ``structure``: arrivals, links, configuration."""

from django.urls import path

from plateforme.identity.oidc.web import fournisseurs, liens
from plateforme.identity.oidc.web import reseau as site_du_reseau
from plateforme.identity.oidc.web import structure as site

reseau = [
    path("psc/depart", site_du_reseau.depart, name="psc_depart"),
    path("psc/retour", site_du_reseau.retour, name="psc_retour"),
    path("psc/structures", site_du_reseau.structures, name="psc_structures"),
    path("psc/fin", site_du_reseau.fin, name="psc_fin"),
    path("psc/deconnexion", site_du_reseau.deconnexion_arriere, name="psc_arriere"),
]

structure = [
    path("connexion/psc", site.psc_arrivee, name="psc_arrivee"),
    path("connexion/psc/depart", site.psc_depart, name="psc_structure"),
    path("confirmer/fournisseur", site.confirmer, name="confirmer_chez_le_fournisseur"),
    path("connexion/oidc", site.oidc_choix, name="oidc_choix"),
    path("connexion/oidc/retour", site.oidc_retour, name="oidc_retour"),
    path("connexion/oidc/<uuid:cle>/depart", site.oidc_depart, name="oidc_depart"),
    path("connexion/oidc/<uuid:cle>/deconnexion", site.oidc_arriere, name="oidc_arriere"),
    path("mon-compte/connexions", liens.liens, name="liens"),
    path("mon-compte/connexions/psc", liens.relier_psc, name="relier_psc"),
    path("mon-compte/connexions/oidc/<uuid:cle>", liens.relier_oidc, name="relier_oidc"),
    path("mon-compte/connexions/oidc/<uuid:cle>/retirer", liens.delier_oidc, name="delier_oidc"),
    path("equipe/rapprochements", liens.rapprochements_a_confirmer, name="rapprochements_psc"),
    path("equipe/rapprochements/<uuid:cle>", liens.decider_rapprochement, name="decider_rapprochement"),
    path("reglages/fournisseurs-identite", fournisseurs.liste, name="fournisseurs_oidc"),
    path("reglages/fournisseurs-identite/nouveau", fournisseurs.nouveau, name="nouveau_fournisseur_oidc"),
    path("reglages/fournisseurs-identite/<uuid:cle>", fournisseurs.modifier, name="fournisseur_oidc"),
    path(
        "reglages/fournisseurs-identite/<uuid:cle>/essayer",
        fournisseurs.essayer,
        name="essayer_fournisseur_oidc",
    ),
]
