"""What is refused, each with its sentence."""

from plateforme.core.errors import Conflit, ErreurMetier
from telegestion.rules import Verdict


class VisiteModifiee(Conflit):
    code = "telegestion.intervention.modifiee_entre_temps"


class VisitesSimultanees(Conflit):
    """The base refused what two people wrote at the same time."""

    code = "telegestion.visites.simultanees"


class RegleNonRespectee(ErreurMetier):
    """A legal rule blocks. ``verdict`` says which, with which values."""

    code = "telegestion.regle.non_respectee"

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        texte = f"{verdict.phrase} ({verdict.source})" if verdict.source else verdict.phrase
        super().__init__(texte, champs={"debut": texte})


class VisiteAnnulee(ErreurMetier):
    code = "telegestion.intervention.annulee"
    message = "Cette visite est annulée\u00a0: rétablissez-la d’abord."


class VisiteCommencee(ErreurMetier):
    code = "telegestion.intervention.commencee"
    message = "Cette visite est déjà badgée\u00a0: elle ne se déplace plus et ne s’annule plus."


class IntervenantAbsent(ErreurMetier):
    code = "telegestion.intervenant.absent"


class IntervenantParti(ErreurMetier):
    code = "telegestion.intervenant.parti"


class ChampRefuse(ErreurMetier):
    """One field is wrong; ``champs`` has its name."""

    code = "telegestion.demande.invalide"

    def __init__(self, champ: str, phrase: str) -> None:
        super().__init__(phrase, champs={champ: phrase})


class AbsenceDejaDeclaree(ErreurMetier):
    code = "telegestion.absence.deja_declaree"
