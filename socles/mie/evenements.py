"""What this package writes in the journal: kinds, ids, states. No name, no number, never a key."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("mie.cle.generee", "a généré une clé et sa demande de certificat", "C", conserve="preuve")
declarer_evenement("mie.certificat.installe", "a installé un certificat", "C", conserve="preuve")
declarer_evenement(
    "mie.certificat.refuse", "a présenté un certificat qui a été refusé", "E", conserve="securite"
)
declarer_evenement("mie.certificat.etat", "a changé l’état d’un certificat", "U", conserve="preuve")
declarer_evenement("mie.certificat.essai", "a essayé un certificat", "E", conserve="securite")
declarer_evenement("mie.certificat.bascule", "a mis un certificat en service", "U", conserve="preuve")
declarer_evenement(
    "mie.certificat.repli", "a vu un appel repris par le certificat de secours", "E", conserve="securite"
)
declarer_evenement("mie.cle.detruite", "a détruit une clé privée", "D", conserve="preuve")
declarer_evenement("mie.delegation.accordee", "a délégué un certificat", "C", conserve="preuve")
declarer_evenement("mie.delegation.retiree", "a retiré une délégation de certificat", "D", conserve="preuve")
declarer_evenement("mie.rappel.envoye", "a rappelé une échéance", "E", conserve="technique")
declarer_evenement(
    "mie.crl.perimee", "n’a pas pu renouveler une liste de révocation", "E", conserve="securite"
)
declarer_evenement(
    "mie.administrateur.designe", "a désigné un administrateur technique", "U", conserve="preuve"
)
declarer_evenement("mie.contrat.suivi", "a mis à jour le contrat avec l’ANS", "U")
declarer_evenement("mie.carte.suivie", "a mis à jour une carte", "U")
declarer_evenement("mie.rpps.suivi", "a mis à jour une inscription au RPPS", "U")
declarer_evenement("mie.boite.suivie", "a mis à jour une boîte MSSanté", "U")
declarer_evenement("mie.besoin.repondu", "a répondu au questionnaire des besoins", "U")
declarer_evenement(
    "mie.calendrier.donne", "a donné l’adresse du calendrier des échéances", "C", conserve="securite"
)
declarer_evenement(
    "mie.calendrier.retire", "a retiré l’adresse du calendrier des échéances", "D", conserve="securite"
)
