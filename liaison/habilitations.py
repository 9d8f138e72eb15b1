"""What one may do with the cahier de liaison. Audience « soins » is a matter of care, not of rank."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import EQUIPE, IDEC, RESPONSABLE, SECRETARIAT, TERRAIN

ECRIVENT = (RESPONSABLE, IDEC, SECRETARIAT, *TERRAIN)

declarer(
    "liaison.transmission.lire",
    "lire les transmissions",
    nature="lecture",
    roles=EQUIPE,
    domaine="transmissions",
    vu="a lu une transmission vous concernant",
)
declarer(
    "liaison.transmission.publier",
    "écrire une transmission",
    nature="ecriture",
    roles=ECRIVENT,
    domaine="transmissions",
    vu="a écrit une transmission vous concernant",
)
declarer(
    "liaison.transmission.corriger",
    "corriger une transmission que l’on a écrite",
    nature="ecriture",
    roles=ECRIVENT,
    domaine="transmissions",
    vu="a corrigé une transmission vous concernant",
)
