"""What the journal says of requests."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("demandes.demande.recue", "a enregistré la demande d’une personne", "C", conserve="preuve")
declarer_evenement("demandes.demande.suivie", "a suivi la demande d’une personne", "U", conserve="preuve")
declarer_evenement("demandes.demande.close", "a répondu à la demande d’une personne", "U", conserve="preuve")
