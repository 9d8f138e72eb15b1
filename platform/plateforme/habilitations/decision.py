"""One decision, for the page, the API and the test. The default is no."""

from dataclasses import dataclass
from typing import Any

from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.droits import reglages_de
from plateforme.habilitations.registre import action
from plateforme.habilitations.support import ACTIONS, est_du_support
from plateforme.habilitations.titres import porte_le_titre
from plateforme.tenancy.courant import courant


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and why, in a French sentence."""

    accordee: bool
    motif: str

    def __bool__(self) -> bool:
        return self.accordee


class HabilitationRefusee(ErreurMetier):
    code = "plateforme.habilitation.refusee"
    statut = 403
    message = "Vous n’avez pas accès à cette page."

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        super().__init__(decision.motif)


def decider(acteur: Any, code: str) -> Decision:
    """May ``acteur`` do ``code`` at all? Which dossiers it reaches is the domain's query.

    Privacy: the sentence names the action, never a person.
    """
    voulu = action(code)
    if not getattr(acteur, "is_authenticated", False):
        return Decision(accordee=False, motif="Connectez-vous pour continuer.")
    contexte = courant()
    portee = "structure" if contexte is not None and contexte.est_une_structure else "reseau"
    if voulu.portee != portee:
        return Decision(accordee=False, motif="Cette action n’existe pas sur ce site.")
    if est_du_support(acteur):
        # A frozen list: no cell of any structure changes it, either way.
        permis = portee == "structure" and code in ACTIONS
        motif = "Une session de support lit quelques pages, masquées, et ne change rien."
        return Decision(accordee=permis, motif=motif)
    regle = reglages_de(acteur).get(code) if portee == "structure" else None
    if regle if regle is not None else acteur.role in voulu.roles:
        return Decision(accordee=True, motif=f"Votre rôle ({acteur.libelle_role}) permet : {voulu.phrase}.")
    if voulu.titre and portee == "structure" and porte_le_titre(acteur, voulu):
        return Decision(accordee=True, motif=f"Vous avez été désigné pour\u00a0: {voulu.phrase}.")
    return Decision(
        accordee=False,
        motif=f"Votre rôle ({acteur.libelle_role}) ne permet pas : {voulu.phrase}. Demandez à votre direction.",
    )


def peut(acteur: Any, code: str) -> bool:
    return decider(acteur, code).accordee


def exiger(acteur: Any, code: str) -> None:
    """Raises HabilitationRefusee with its reason."""
    decision = decider(acteur, code)
    if not decision:
        raise HabilitationRefusee(decision)
