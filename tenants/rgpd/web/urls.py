"""Paths of a structure’s site, then of the network’s."""

from django.urls import URLPattern, path

from tenants.rgpd.web import aipd, espace, registre, violations

structure: list[URLPattern] = [
    path("rgpd", espace.espace, name="rgpd"),
    path("rgpd/dpd", espace.dpd, name="rgpd_dpd"),
    path("rgpd/dpd/designer", espace.designer, name="rgpd_designer"),
    path("rgpd/dictionnaire", espace.dictionnaire, name="rgpd_dictionnaire"),
    path("rgpd/conservation", espace.conservation, name="rgpd_conservation"),
    path("rgpd/registre", registre.registre, name="rgpd_registre"),
    path("rgpd/registre/pdf", registre.papier, name="rgpd_registre_pdf"),
    path("rgpd/registre/preremplir", registre.preremplir, name="rgpd_preremplir"),
    path("rgpd/registre/ajouter", registre.ajouter, name="rgpd_fiche_ajouter"),
    path("rgpd/registre/<uuid:cle>", registre.fiche, name="rgpd_fiche"),
    path("rgpd/registre/<uuid:cle>/ecrire", registre.reecrire, name="rgpd_fiche_ecrire"),
    path("rgpd/registre/<uuid:cle>/signer", registre.signer, name="rgpd_fiche_signer"),
    path("rgpd/registre/<uuid:cle>/retirer", registre.retirer, name="rgpd_fiche_retirer"),
    path("rgpd/aipd", aipd.analyses, name="rgpd_analyses"),
    path("rgpd/aipd/<uuid:cle>", aipd.analyse, name="rgpd_aipd"),
    path("rgpd/aipd/<uuid:cle>/ecrire", aipd.ecrire, name="rgpd_aipd_ecrire"),
    path("rgpd/aipd/<uuid:cle>/avis", aipd.avis, name="rgpd_aipd_avis"),
    path("rgpd/aipd/<uuid:cle>/decision", aipd.decider, name="rgpd_aipd_decider"),
    path("rgpd/aipd/<uuid:cle>/pdf", aipd.papier, name="rgpd_aipd_pdf"),
    path("rgpd/violations", violations.violations, name="rgpd_violations"),
    path("rgpd/violations/ouvrir", violations.ouvrir, name="rgpd_violation_ouvrir"),
    path("rgpd/violations/<uuid:cle>", violations.violation, name="rgpd_violation"),
    path("rgpd/violations/<uuid:cle>/completer", violations.completer, name="rgpd_violation_completer"),
    path("rgpd/violations/<uuid:cle>/lignes", violations.ajouter_une_ligne, name="rgpd_violation_ligne"),
    path("rgpd/violations/<uuid:cle>/pdf", violations.papier, name="rgpd_violation_pdf"),
]
reseau: list[URLPattern] = [path("console/violations", violations.signaler, name="rgpd_signaler")]
