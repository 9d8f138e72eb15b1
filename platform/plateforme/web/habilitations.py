"""Actions of the shell itself. A structure and the network are two sites: two actions for a same gesture."""

from plateforme.habilitations.registre import declarer

BUREAU = ("direction", "responsable_secteur", "idec", "secretariat")
TOUS = (*BUREAU, "soignant", "intervenant")
RESEAU = ("operateur", "porteur")

declarer("plateforme.aujourdhui.voir", "voir la page Aujourd’hui", nature="lecture", roles=BUREAU)
declarer("plateforme.recherche.lancer", "chercher une personne ou une action", nature="lecture", roles=TOUS)
declarer("plateforme.notifications.lire", "lire ses notifications", nature="lecture", roles=TOUS)
declarer("plateforme.theme.choisir", "choisir l’apparence de ses écrans", nature="ecriture", roles=TOUS)
declarer("plateforme.aide.lire", "lire l’aide", nature="lecture", roles=TOUS)

declarer(
    "plateforme.recherche.lancer_reseau",
    "chercher une structure ou une action",
    nature="lecture",
    roles=RESEAU,
    portee="reseau",
)
declarer(
    "plateforme.theme.choisir_reseau",
    "choisir l’apparence de ses écrans",
    nature="ecriture",
    roles=RESEAU,
    portee="reseau",
)
declarer("plateforme.aide.lire_reseau", "lire l’aide", nature="lecture", roles=RESEAU, portee="reseau")
