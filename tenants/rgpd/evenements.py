"""What the journals say of the RGPD space: a proof, kept."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("rgpd.dpd.designe", "a enregistré la désignation du DPD", "C", conserve="preuve")
declarer_evenement("rgpd.dpd.change", "a mis à jour la désignation du DPD", "U", conserve="preuve")
declarer_evenement(
    "rgpd.registre.prerempli", "a prérempli le registre des traitements", "C", conserve="preuve"
)
declarer_evenement(
    "rgpd.registre.version", "a écrit une version d’une fiche du registre", "C", conserve="preuve"
)
declarer_evenement("rgpd.registre.signe", "a signé une fiche du registre", "U", conserve="preuve")
declarer_evenement("rgpd.aipd.ecrite", "a écrit dans l’analyse d’impact", "U", conserve="preuve")
declarer_evenement("rgpd.aipd.avis_rendu", "a rendu l’avis du DPD", "U", conserve="preuve")
declarer_evenement("rgpd.aipd.decidee", "a décidé de l’analyse d’impact", "U", conserve="preuve")
declarer_evenement("rgpd.violation.ouverte", "a ouvert un dossier de violation", "C", conserve="preuve")
declarer_evenement("rgpd.violation.tenue", "a complété un dossier de violation", "U", conserve="preuve")
declarer_evenement(
    "rgpd.evenement.ouvert", "a signalé une violation aux responsables de traitement", "C", conserve="preuve"
)
