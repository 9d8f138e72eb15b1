"""What the journal says of training."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("formation.seance.prevue", "a prévu une formation", "C", conserve="preuve")
declarer_evenement("formation.seance.emargee", "a émargé une formation", "C", conserve="preuve")
