"""What documents leave in the journal: ids and types, never a name nor a content."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("storage.document.depose", "a déposé un document", "C")
declarer_evenement("storage.document.lu", "a ouvert un document", "R")
declarer_evenement("storage.document.efface", "a effacé un document", "D")
declarer_evenement(
    "storage.document.juge", "a contrôlé un document avec l’antivirus", "E", conserve="technique"
)
