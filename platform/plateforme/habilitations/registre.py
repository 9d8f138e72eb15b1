"""Rights as declared data: an action is named once, by its domain, with the roles that hold it by default."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Nature = Literal["lecture", "ecriture"]


class ActionInconnue(KeyError):
    """A route or a service names an action nobody declared: a programming error, found at start-up."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person may or may not do.

    ``code`` is ``domaine.objet.verbe``, stable for ever (it is stored in journals).
    ``sante``: the action shows or writes health data, so its use leaves a trace.
    ``portee``: ``structure`` (within one SAD) or ``reseau`` (operator, porteur).
    """

    code: str
    phrase: str
    nature: Nature
    sante: bool
    portee: Literal["structure", "reseau"]
    roles: frozenset[str]
    # Asks for a fresh proof of identity: exports, rights, break-glass (ASVS 7.5.3).
    elevation: bool = False


_actions: dict[str, Action] = {}


def declarer(
    code: str,
    phrase: str,
    *,
    nature: Nature,
    roles: Iterable[str],
    sante: bool = False,
    portee: Literal["structure", "reseau"] = "structure",
    elevation: bool = False,
) -> Action:
    """Add an action to the matrix; a code is declared once."""
    if code in _actions:
        raise ValueError(f"L’action {code} est déclarée deux fois.")
    _actions[code] = Action(code, phrase, nature, sante, portee, frozenset(roles), elevation)
    return _actions[code]


def action(code: str) -> Action:
    try:
        return _actions[code]
    except KeyError as erreur:
        raise ActionInconnue(code) from erreur


def actions() -> list[Action]:
    return sorted(_actions.values(), key=lambda a: a.code)
