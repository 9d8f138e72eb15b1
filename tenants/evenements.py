"""What the journal says of the network."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement(
    "tenants.grappe.modele", "a changé le modèle de droits de sa grappe", "U", conserve="securite"
)
