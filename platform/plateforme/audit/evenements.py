"""Events of the journal itself."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("audit.chaine.verifiee", "a vérifié la chaîne du journal", "E", conserve="technique")
# Says which lines lost their content: without it the verifier would call them altered.
declarer_evenement(
    "audit.trace.effacee",
    "a effacé des traces arrivées au terme de leur conservation",
    "D",
    conserve="preuve",
)
declarer_evenement("audit.journal.consulte", "a consulté le journal des accès", "E")
declarer_evenement("audit.export.remis", "a exporté le journal des accès", "R")
# Rows written outside any declared action: a task, a command.
declarer_evenement("audit.ligne.ecrite", "a modifié des données", "U")
