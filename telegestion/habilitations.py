"""What one may do with visits: the bureau plans, those who go out see their own tour and badge."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import BUREAU, DECIDE, TERRAIN

declarer("telegestion.planning.voir", "voir le planning", nature="lecture", roles=BUREAU)
declarer("telegestion.intervention.planifier", "planifier une intervention", nature="ecriture", roles=BUREAU)
declarer(
    "telegestion.intervention.deplacer",
    "déplacer ou confier une intervention",
    nature="ecriture",
    roles=BUREAU,
)
declarer("telegestion.intervention.annuler", "annuler une intervention", nature="ecriture", roles=DECIDE)
declarer("telegestion.absence.declarer", "déclarer une absence", nature="ecriture", roles=DECIDE)
declarer("telegestion.intervenant.voir", "voir les intervenants", nature="lecture", roles=BUREAU)
declarer("telegestion.intervenant.creer", "créer un intervenant", nature="ecriture", roles=DECIDE)
declarer("telegestion.pointage.voir", "voir les pointages", nature="lecture", roles=BUREAU)
declarer("telegestion.tournee.voir", "voir sa tournée", nature="lecture", roles=TERRAIN, sante=True)
declarer(
    "telegestion.pointage.saisir",
    "badger et cocher les gestes de ses visites",
    nature="ecriture",
    roles=TERRAIN,
)
