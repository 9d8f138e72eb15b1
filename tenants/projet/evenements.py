"""What the network's journal says of projects."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement(
    "projet.membre.consentement", "a enregistré le consentement d’une structure", "C", conserve="preuve"
)
declarer_evenement(
    "projet.membre.retrait", "a enregistré le retrait du consentement d’une structure", "U", conserve="preuve"
)
declarer_evenement("projet.grappe.type", "a fixé le type de projet de la grappe", "U", conserve="preuve")
declarer_evenement("projet.grappe.depot", "a enregistré un dépôt de la grappe", "C", conserve="preuve")
declarer_evenement("projet.cumul.financement", "a déclaré un financement", "C", conserve="preuve")
declarer_evenement("projet.cumul.decision", "a enregistré une décision de cumul", "C", conserve="preuve")
declarer_evenement("projet.convention.tenue", "a changé la convention avec l’ARS", "U", conserve="preuve")
declarer_evenement("projet.jalon.passage", "a fait avancer un jalon de la convention", "U", conserve="preuve")
declarer_evenement("projet.preuve.lue", "a ouvert la preuve d’un jalon", "R", conserve="securite")
declarer_evenement("projet.referentiel.change", "a changé une donnée publique", "U", conserve="preuve")
