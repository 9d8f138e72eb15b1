"""Acts on visits, badges and the team."""

from telegestion.services.equipe import AbsenceDeclaree, creer_intervenant, declarer_absence
from telegestion.services.errors import (
    AbsenceDejaDeclaree,
    ChampRefuse,
    IntervenantAbsent,
    IntervenantParti,
    RegleNonRespectee,
    VisiteAnnulee,
    VisiteCommencee,
    VisiteModifiee,
    VisitesSimultanees,
)
from telegestion.services.planifier import (
    ANNEES,
    Planification,
    affecter,
    annuler_intervention,
    deplacer_intervention,
    planifier_intervention,
    retablir,
)
from telegestion.services.pointer import Recepisse, cocher_geste, pointer

__all__ = [
    "ANNEES",
    "AbsenceDeclaree",
    "AbsenceDejaDeclaree",
    "ChampRefuse",
    "IntervenantAbsent",
    "IntervenantParti",
    "Planification",
    "Recepisse",
    "RegleNonRespectee",
    "VisiteAnnulee",
    "VisiteCommencee",
    "VisiteModifiee",
    "VisitesSimultanees",
    "affecter",
    "annuler_intervention",
    "cocher_geste",
    "creer_intervenant",
    "declarer_absence",
    "deplacer_intervention",
    "planifier_intervention",
    "pointer",
    "retablir",
]
