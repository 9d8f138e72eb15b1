"""What the journal says of dossiers, besides the actions themselves."""

from plateforme.audit.registre import declarer_evenement

declarer_evenement("dossier.acces.refuse", "a demandé un dossier qui ne lui est pas ouvert", "E")
declarer_evenement("dossier.equipe.composee", "a changé l’équipe de soins", "U")
declarer_evenement("dossier.opposition.recueillie", "a enregistré ou levé une opposition", "U")
declarer_evenement("dossier.consentement.recueilli", "a enregistré ou retiré un consentement", "U")
declarer_evenement("dossier.rattachement.change", "a changé les secteurs d’un responsable", "U")
declarer_evenement("dossier.convention.ouverte", "a ouvert une convention de partage", "C")
declarer_evenement("dossier.convention.finie", "a mis fin à une convention de partage", "U")
declarer_evenement("dossier.convention.membre", "a changé les partenaires d’une convention", "U")
