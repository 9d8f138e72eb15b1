"""What the journal keeps about accounts and sign-ins."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("identity.connexion.reussie", "s’est connecté", "E", conserve="securite")
declarer_evenement("identity.connexion.refusee", "n’a pas pu se connecter", "E", conserve="securite")
declarer_evenement(
    "identity.connexion.bloquee", "a été bloqué après plusieurs échecs", "E", conserve="securite"
)
declarer_evenement(
    "identity.connexion.alerte", "a été bloqué trois fois dans la journée", "E", conserve="securite"
)
declarer_evenement(
    "identity.connexion.nouvel_appareil", "s’est connecté depuis un nouvel appareil", "E", conserve="securite"
)
declarer_evenement(
    "identity.identite.confirmee", "a confirmé son identité pour un acte sensible", "E", conserve="securite"
)
declarer_evenement("identity.session.fermee", "a fermé une session", "D", conserve="securite")
declarer_evenement("identity.compte.invite", "a invité une personne", "C")
declarer_evenement("identity.invitation.renvoyee", "a renvoyé une invitation", "E")
declarer_evenement("identity.invitation.revoquee", "a révoqué une invitation", "D")
declarer_evenement("identity.compte.enrole", "a terminé son inscription", "C")
declarer_evenement("identity.identite.attestee", "a vérifié l’identité d’une personne", "U")
declarer_evenement("identity.role.change", "a changé le rôle d’une personne", "U")
declarer_evenement("identity.compte.desactive", "a désactivé un compte", "U")
declarer_evenement("identity.compte.reactive", "a réactivé un compte", "U")
declarer_evenement("identity.facteur.ajoute", "a ajouté un second facteur", "C")
declarer_evenement("identity.facteur.retire", "a retiré un second facteur", "D")
declarer_evenement("identity.facteur.reinitialise", "a réinitialisé le second facteur d’une personne", "D")
declarer_evenement("identity.codes.renouveles", "a renouvelé ses codes de secours", "U")
declarer_evenement("identity.code_secours.utilise", "a utilisé un code de secours", "E")
declarer_evenement("identity.mot_de_passe.change", "a changé son mot de passe", "U")
declarer_evenement("identity.mot_de_passe.demande", "a demandé un nouveau mot de passe", "E")
declarer_evenement("identity.rpps.verifie", "a vérifié un numéro RPPS", "E")
declarer_evenement("identity.reglages.changes", "a changé les réglages des accès", "U")
