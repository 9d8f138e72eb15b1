"""What the journal says of rights."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("habilitations.matrice.modifiee", "a changé un droit de la matrice", "U")
declarer_evenement("habilitations.droits.exportes", "a exporté les comptes et leurs droits", "R")
declarer_evenement("habilitations.droits.importes", "a changé des fonctions par un fichier", "U")
declarer_evenement("habilitations.bris.ouvert", "a ouvert un accès exceptionnel", "E")
declarer_evenement("habilitations.bris.referme", "a refermé un accès exceptionnel", "E")
declarer_evenement("habilitations.bris.juge", "a jugé un accès exceptionnel", "U")
declarer_evenement("habilitations.support.accorde", "a accordé une session de support", "C")
declarer_evenement("habilitations.support.entre", "est entré en session de support", "E")
declarer_evenement("habilitations.support.retire", "a retiré une session de support", "U")
declarer_evenement("habilitations.revue.ouverte", "a ouvert une revue des droits", "C")
declarer_evenement("habilitations.revue.decidee", "a décidé du droit d’un compte", "U")
declarer_evenement("habilitations.revue.signee", "a signé une revue des droits", "U")
