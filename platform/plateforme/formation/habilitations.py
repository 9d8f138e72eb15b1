"""What people do about training."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import DECIDE, SALARIES

declarer("formation.seance.suivre", "voir et émarger ses formations", nature="ecriture", roles=SALARIES)
declarer(
    "formation.seance.organiser",
    "organiser les formations et voir qui les a suivies",
    nature="ecriture",
    roles=DECIDE,
    domaine="deploiement",
)
