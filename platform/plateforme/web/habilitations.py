"""Actions of the shell itself. A structure and the network are two sites: two actions for a same gesture."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import BUREAU, SALARIES

RESEAU = ("operateur", "porteur")

declarer(
    "plateforme.aujourdhui.voir",
    "voir la page Aujourd’hui",
    nature="lecture",
    roles=BUREAU,
    vu="a vu votre nom sur la page du jour",
)
declarer(
    "plateforme.recherche.lancer",
    "chercher une personne ou une action",
    nature="lecture",
    roles=SALARIES,
    vu="a vu votre nom en cherchant quelqu’un",
)
declarer("plateforme.notifications.lire", "lire ses notifications", nature="lecture", roles=SALARIES)
declarer("plateforme.theme.choisir", "choisir l’apparence de ses écrans", nature="ecriture", roles=SALARIES)
declarer("plateforme.aide.lire", "lire l’aide", nature="lecture", roles=SALARIES)

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
