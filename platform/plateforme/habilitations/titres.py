"""Titles: what a person is named to by name, beside their function. The domain that names says who holds it."""

from collections.abc import Callable
from typing import Any

from plateforme.habilitations.domaines import DOMAINES
from plateforme.habilitations.registre import Action

_titres: dict[str, Callable[[Any], bool]] = {}


def inscrire_titre(cle: str, porte: Callable[[Any], bool]) -> None:
    """``porte`` says whether an account of the current structure holds the title today; called in ``apps.ready()``."""
    _titres[cle] = porte


def porte_le_titre(compte: Any, voulu: Action) -> bool:
    """Does ``compte`` hold the title that gives ``voulu``? Never past the legal bound of the domain. Asked once a request."""
    porte = _titres.get(voulu.titre)
    if porte is None or compte.role in DOMAINES[voulu.domaine].jamais:
        return False
    connus: dict[str, bool] | None = getattr(compte, "_titres", None)
    if connus is None:
        connus = {}
        compte._titres = connus
    if voulu.titre not in connus:
        connus[voulu.titre] = porte(compte)
    return connus[voulu.titre]
