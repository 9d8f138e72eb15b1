"""Paths of a structure’s site, then of the network’s."""

from django.urls import URLPattern, path

from tenants.projet.web import assistant, convention, cumul, projet, referentiel

structure: list[URLPattern] = []
reseau: list[URLPattern] = [
    path("grappe/projet", projet.projet, name="projet"),
    path("grappe/projet/type", projet.type_de_projet, name="type_de_projet"),
    path("grappe/projet/depot", projet.depot, name="depot_de_grappe"),
    path("grappe/projet/membres/<uuid:adhesion_id>", projet.consentement, name="consentement_membre"),
    path("grappe/projet/cumul", cumul.cumul, name="cumul"),
    path("grappe/projet/cumul/<uuid:structure_id>", cumul.cumul_d_un_membre, name="cumul_membre"),
    path("grappe/projet/assistant", assistant.assistant, name="assistant"),
    path("grappe/projet/assistant/<uuid:parcours_id>", assistant.question, name="assistant_question"),
    path("grappe/projet/assistant/<uuid:parcours_id>/revenir", assistant.revenir, name="assistant_revenir"),
    path("grappe/projet/assistant/<uuid:parcours_id>/pdf", assistant.papier, name="assistant_pdf"),
    path("grappe/convention", convention.conventions, name="convention_ars"),
    path("grappe/convention/nouvelle", convention.signer, name="convention_signer"),
    path("grappe/convention/<uuid:convention_id>/jalons", convention.ajouter_jalon, name="jalon_ajouter"),
    path("grappe/convention/<uuid:convention_id>/avenant", convention.amender, name="avenant"),
    path("grappe/convention/jalons/<uuid:jalon_id>", convention.jalon, name="jalon"),
    path("grappe/convention/preuves/<uuid:preuve_id>", convention.preuve, name="preuve_de_jalon"),
    path("grappe/annuaire", referentiel.annuaire, name="annuaire_regional"),
    path("console/grappes/<uuid:grappe_id>/projet", projet.projet_d_une_grappe, name="projet_grappe"),
    path("console/programmes", referentiel.programmes, name="programmes"),
    path("console/programmes/nouveau/<slug:quoi>", referentiel.decrire, name="decrire_referentiel"),
    path("console/programmes/<uuid:programme_id>", referentiel.programme, name="programme"),
    path("console/seuils/<uuid:seuil_id>", referentiel.seuil, name="seuil"),
    path("console/annuaire/<uuid:contact_id>", referentiel.contact, name="contact_regional"),
]
