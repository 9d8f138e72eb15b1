"""What one may do with dossiers. Health data never opens by rank: a function of care is needed."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import AIDE_SOIGNANT, BUREAU, DECIDE, INFIRMIER, SOINS, TERRAIN

declarer("dossier.usager.lister", "voir la liste des usagers", nature="lecture", roles=BUREAU)
# Those who go out reach only the people of their own visits: see queries.usagers_visibles.
declarer("dossier.usager.voir", "ouvrir le dossier d’un usager", nature="lecture", roles=(*BUREAU, *TERRAIN))
declarer("dossier.usager.creer", "admettre un usager", nature="ecriture", roles=BUREAU)
declarer("dossier.usager.modifier", "modifier le dossier d’un usager", nature="ecriture", roles=BUREAU)
declarer("dossier.usager.sortir", "enregistrer la sortie d’un usager", nature="ecriture", roles=DECIDE)
declarer(
    "dossier.usager.acces_logement",
    "afficher les clés et le code de porte",
    nature="lecture",
    roles=(*BUREAU, *TERRAIN),
)
declarer(
    "dossier.sante.voir",
    "voir les données de santé d’un usager",
    nature="lecture",
    roles=SOINS,
    sante=True,
)
declarer(
    "dossier.vigilance.noter",
    "noter ce qu’il faut savoir avant d’entrer",
    nature="ecriture",
    roles=(*BUREAU, INFIRMIER, AIDE_SOIGNANT),
    sante=True,
)
