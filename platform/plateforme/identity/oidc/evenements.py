"""What this package writes in the journal. ``motif`` and ``niveau`` are codes, never what the provider said of a person."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement(
    "identity.oidc.refus", "a présenté une identité qui a été refusée", "E", conserve="securite"
)
declarer_evenement(
    "identity.oidc.degrade",
    "poursuit sa session sans réponse de son fournisseur d’identité",
    "E",
    conserve="securite",
)
declarer_evenement(
    "identity.oidc.fermeture", "a été déconnecté par son fournisseur d’identité", "E", conserve="securite"
)
declarer_evenement("identity.psc.relier", "a relié son compte à Pro Santé Connect", "U")
declarer_evenement(
    "identity.psc.demander", "demande à relier une identité Pro Santé Connect d’un autre nom", "C"
)
declarer_evenement("identity.psc.confirmer", "a confirmé une identité Pro Santé Connect", "U")
declarer_evenement("identity.psc.ecarter", "a écarté une identité Pro Santé Connect", "U")
declarer_evenement("identity.oidc.relier", "a relié son compte à un fournisseur d’identité", "U")
declarer_evenement("identity.oidc.delier", "a délié son compte d’un fournisseur d’identité", "D")
declarer_evenement("identity.fournisseur.creer", "a ajouté un fournisseur d’identité", "C")
declarer_evenement("identity.fournisseur.modifier", "a modifié un fournisseur d’identité", "U")
declarer_evenement("identity.fournisseur.essayer", "a essayé un fournisseur d’identité", "E")
