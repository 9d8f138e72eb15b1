"""Who keeps the register of requests: the DPD and the direction."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import DIRECTION, DPD

declarer(
    "demandes.demande.voir",
    "voir les demandes des personnes sur leurs données",
    nature="lecture",
    roles=[DIRECTION, DPD],
    domaine="rgpd",
)
declarer(
    "demandes.demande.traiter",
    "enregistrer et traiter les demandes des personnes",
    nature="ecriture",
    roles=[DIRECTION, DPD],
    domaine="rgpd",
)
