"""What the journal says of takeovers: ids and counts, never a cell."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("reprise.fichier.depose", "a déposé un fichier à reprendre", "C")
declarer_evenement("reprise.fichier.efface", "a effacé le fichier d’une reprise", "D")
declarer_evenement("reprise.essai.fini", "a essayé une reprise", "E")
declarer_evenement("reprise.doublon.decide", "a décidé d’un doublon", "U")
declarer_evenement("reprise.rapport.remis", "a téléchargé les lignes refusées", "R")
declarer_evenement("reprise.import.fini", "a importé une reprise", "C")
declarer_evenement("reprise.import.annule", "a annulé une reprise", "D")
declarer_evenement("reprise.ligne.controlee", "a contrôlé une ligne de l’échantillon", "U")
declarer_evenement("reprise.signee", "a signé une reprise", "E", conserve="preuve")
