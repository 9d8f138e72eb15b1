"""What the journals say of a deployment."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("deploiement.parcours.ouvert", "a ouvert un déploiement", "C", conserve="preuve")
declarer_evenement(
    "deploiement.parcours.planifie", "a changé la date d’un déploiement", "U", conserve="preuve"
)
declarer_evenement("deploiement.etape.marquee", "a marqué une étape du déploiement", "U", conserve="preuve")
declarer_evenement("deploiement.etape.derogee", "a dérogé à une étape du déploiement", "U", conserve="preuve")
declarer_evenement("deploiement.vsr.signee", "a signé la mise en production", "E", conserve="preuve")
declarer_evenement("deploiement.gabarit.publie", "a publié un gabarit de déploiement", "U", conserve="preuve")
