"""What encryption leaves in the journal."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("chiffrement.sujet.detruit", "a détruit la clé du dossier", "D")
declarer_evenement("chiffrement.cle.renouvelee", "a renouvelé les clés de la structure", "U")
