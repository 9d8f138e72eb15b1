"""Rights as declared data: an action is named once, by its domain, with the roles that hold it by default."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from plateforme.habilitations.domaines import DOMAINES, Operation

Nature = Literal["lecture", "ecriture"]


class ActionInconnue(KeyError):
    """A route or a service names an action nobody declared: a programming error, found at start-up."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person may or may not do.

    ``code`` is ``domaine.objet.verbe``, stable for ever (it is stored in journals).
    ``portee``: ``structure`` (within one SAD) or ``reseau`` (operator, porteur).
    """

    code: str
    phrase: str
    nature: Nature
    portee: Literal["structure", "reseau"]
    roles: frozenset[str]
    domaine: str = "outils"
    operation: Operation = "L"
    # What the person reads of it afterwards: « a ouvert votre dossier ».
    vu: str = ""
    # Asks for a fresh proof of identity: exports, rights, break-glass (ASVS 7.5.3).
    elevation: bool = False
    # A named person holds it too, whatever their function (see ``titres``), within the bounds of the domain.
    titre: str = ""


_actions: dict[str, Action] = {}


def declarer(
    code: str,
    phrase: str,
    *,
    nature: Nature,
    roles: Iterable[str],
    portee: Literal["structure", "reseau"] = "structure",
    domaine: str = "outils",
    operation: Operation | None = None,
    vu: str = "",
    elevation: bool = False,
    titre: str = "",
) -> Action:
    """Add an action to the matrix; a code is declared once.

    ``domaine``: its row of the matrix; ``operation``: L, E or V, by default what its nature says.
    """
    if code in _actions:
        raise ValueError(f"L’action {code} est déclarée deux fois.")
    if domaine not in DOMAINES:
        raise ValueError(f"L’action {code} nomme un domaine inconnu : {domaine}.")
    _actions[code] = Action(
        code=code,
        phrase=phrase,
        nature=nature,
        portee=portee,
        roles=frozenset(roles),
        domaine=domaine,
        operation=operation or ("L" if nature == "lecture" else "E"),
        vu=vu,
        elevation=elevation,
        titre=titre,
    )
    return _actions[code]


def action(code: str) -> Action:
    try:
        return _actions[code]
    except KeyError as erreur:
        raise ActionInconnue(code) from erreur


def actions() -> list[Action]:
    return sorted(_actions.values(), key=lambda a: a.code)
