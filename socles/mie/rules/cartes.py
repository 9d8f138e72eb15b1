"""Who needs which means of identification: three questions per function. Source: domain MIE-2a, guide (volet MIE)."""

from dataclasses import dataclass

AUCUN, E_CPS, CPS, CERTIFICAT = "aucun", "e_cps", "cps", "certificat"
BESOINS = {
    AUCUN: "aucun",
    E_CPS: "e-CPS",
    CPS: "carte CPS",
    CERTIFICAT: "certificat de la structure",
}


@dataclass(frozen=True, slots=True)
class Reponses:
    """``partage``: health data leave the structure by this function's hand; ``automatique``: a program does it for them."""

    partage: bool = False
    professionnel: bool = False
    automatique: bool = False
    telephone: bool = True


def besoin(reponses: Reponses) -> str:
    """The lightest means that is enough.

    Somebody who shares nothing needs nothing; what a program sends goes under the structure's certificate; a
    professional of the RPPS takes the application when there is a phone to put it on, else the card.
    """
    if not reponses.partage:
        return AUCUN
    if reponses.automatique or not reponses.professionnel:
        return CERTIFICAT
    return E_CPS if reponses.telephone else CPS
