"""What one may do with the cahier de liaison. Audience « soins » is a matter of care, not of rank."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import EQUIPE

declarer(
    "liaison.transmission.lire",
    "lire les transmissions",
    nature="lecture",
    roles=EQUIPE,
    sante=True,
)
declarer(
    "liaison.transmission.publier",
    "écrire une transmission",
    nature="ecriture",
    roles=EQUIPE,
    sante=True,
)
declarer(
    "liaison.transmission.corriger",
    "corriger une transmission que l’on a écrite",
    nature="ecriture",
    roles=EQUIPE,
    sante=True,
)
