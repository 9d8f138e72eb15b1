"""Pages of the dossier."""

from django.urls import path

from dossier.web import confidentialite, conventions, documents, dossiers, entourage, saisie

urlpatterns = [
    path("usagers", dossiers.usagers, name="usagers"),
    path("usagers/nouveau", saisie.nouveau, name="usager_nouveau"),
    path("usagers/<uuid:cle>", dossiers.usager, name="usager"),
    path("usagers/<uuid:cle>/fil", dossiers.fil, name="usager_fil"),
    path("usagers/<uuid:cle>/acces", dossiers.acces_logement, name="usager_acces"),
    path("usagers/<uuid:cle>/modifier", saisie.modifier, name="usager_modifier"),
    path("usagers/<uuid:cle>/sortie", saisie.sortie, name="usager_sortie"),
    path("usagers/<uuid:cle>/retour", saisie.retour, name="usager_retour"),
    path("usagers/<uuid:cle>/entourage", entourage.entourage, name="usager_entourage"),
    path("usagers/<uuid:cle>/entourage/ajouter", entourage.ajouter, name="usager_proche_ajouter"),
    path(
        "usagers/<uuid:cle>/entourage/<uuid:proche>/retirer",
        entourage.retirer,
        name="usager_proche_retirer",
    ),
    path(
        "usagers/<uuid:cle>/confidentialite", confidentialite.confidentialite, name="usager_confidentialite"
    ),
    path("usagers/<uuid:cle>/lectures", confidentialite.lectures_a_remettre, name="usager_lectures"),
    path("usagers/<uuid:cle>/equipe", confidentialite.ajouter_membre, name="usager_membre_ajouter"),
    path("usagers/<uuid:cle>/oppositions", confidentialite.opposer, name="usager_opposer"),
    path("usagers/<uuid:cle>/consentements", confidentialite.consentir, name="usager_consentir"),
    path("usagers/<uuid:cle>/confidentialite/finir", confidentialite.finir, name="usager_lien_finir"),
    path("usagers/<uuid:cle>/vigilances/noter", entourage.noter, name="usager_vigilance_noter"),
    path(
        "usagers/<uuid:cle>/vigilances/<uuid:vigilance>/retirer",
        entourage.lever,
        name="usager_vigilance_retirer",
    ),
    path("usagers/<uuid:cle>/documents", documents.documents, name="usager_documents"),
    path("equipe/<uuid:cle>/secteurs", conventions.secteurs, name="compte_secteurs"),
    path("conventions", conventions.liste, name="conventions"),
    path("conventions/nouvelle", conventions.nouvelle, name="convention_nouvelle"),
    path("conventions/<uuid:cle>", conventions.convention, name="convention"),
    path("conventions/<uuid:cle>/finir", conventions.finir, name="convention_finir"),
    path("conventions/<uuid:cle>/membres", conventions.inscrire_partenaire, name="convention_inscrire"),
    path(
        "conventions/<uuid:cle>/membres/<uuid:membre>/retirer",
        conventions.retirer_partenaire,
        name="convention_retirer",
    ),
    path("documents/<uuid:cle>", documents.contenu, name="document"),
    path("documents/<uuid:cle>/ouvrir", documents.ouvrir, name="document_ouvrir"),
    path("documents/<uuid:cle>/effacer", documents.effacer, name="document_effacer"),
]
