"""What one may do with visits: the bureau plans, those who go out see their own tour and badge."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import BUREAU, COMPTABLE, IDEC, RESPONSABLE, SECRETARIAT, TERRAIN

PLANIFIENT = (RESPONSABLE, IDEC, SECRETARIAT)
ENCADRENT = (RESPONSABLE, IDEC)

declarer(
    "telegestion.planning.voir",
    "voir le planning",
    nature="lecture",
    roles=(*BUREAU, COMPTABLE),
    domaine="planning",
    vu="a vu votre nom dans le planning",
)
declarer(
    "telegestion.intervention.planifier",
    "planifier une intervention",
    nature="ecriture",
    roles=PLANIFIENT,
    domaine="planning",
    vu="a planifié une visite chez vous",
)
declarer(
    "telegestion.intervention.deplacer",
    "déplacer ou confier une intervention",
    nature="ecriture",
    roles=PLANIFIENT,
    domaine="planning",
    vu="a déplacé une de vos visites",
)
declarer(
    "telegestion.intervention.annuler",
    "annuler une intervention",
    nature="ecriture",
    roles=ENCADRENT,
    domaine="planning",
    operation="V",
    vu="a annulé ou rétabli une de vos visites",
)
declarer(
    "telegestion.absence.declarer",
    "déclarer une absence",
    nature="ecriture",
    roles=ENCADRENT,
    domaine="equipe",
)
declarer(
    "telegestion.intervenant.voir",
    "voir les intervenants",
    nature="lecture",
    roles=(*BUREAU, COMPTABLE),
    domaine="equipe",
    vu="a vu votre nom sur la fiche d’un intervenant",
)
declarer(
    "telegestion.intervenant.creer",
    "créer un intervenant",
    nature="ecriture",
    roles=("direction", *ENCADRENT),
    domaine="equipe",
)
declarer(
    "telegestion.pointage.voir",
    "voir les pointages",
    nature="lecture",
    roles=(*BUREAU, COMPTABLE),
    domaine="planning",
    vu="a vu les pointages de vos visites",
)
declarer(
    "telegestion.tournee.voir",
    "voir sa tournée",
    nature="lecture",
    roles=TERRAIN,
    domaine="planning",
    vu="a vu votre visite dans sa tournée",
)
declarer(
    "telegestion.pointage.saisir",
    "badger et cocher les gestes de ses visites",
    nature="ecriture",
    roles=TERRAIN,
    # One's own visits only: reading the plan is enough of a right to say what was done of it.
    domaine="planning",
    operation="L",
    vu="a badgé chez vous",
)
