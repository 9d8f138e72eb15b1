"""Rows read through a mask: what names, places or tells of a person becomes « •••• » before anybody holds it.

Closed by default: every text of a row is masked, but those its model declares harmless (``champs_clairs``) and the
choices, which are our own words. Nothing read or not through the mask may be written while it is on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, ClassVar

from plateforme.core.errors import ErreurMetier

MASQUE: ContextVar[bool] = ContextVar("treille_masque", default=False)
POINTS = "••••"
_TEXTES = frozenset(
    {"CharField", "TextField", "EmailField", "URLField", "SlugField", "GenericIPAddressField"}
)
_champs: dict[type[Any], tuple[str, ...]] = {}


class LectureSeule(ErreurMetier):
    code: ClassVar[str] = "plateforme.masque.lecture_seule"
    statut: ClassVar[int] = 403
    message = "Cette session est en lecture seule."


@contextmanager
def masquer() -> Iterator[None]:
    jeton = MASQUE.set(True)
    try:
        yield
    finally:
        MASQUE.reset(jeton)


def champs_a_masquer(modele: Any) -> tuple[str, ...]:
    """Texts without choices, JSON, and what the model adds (a birth date); less what it declares harmless."""
    if modele not in _champs:
        voulus = {
            champ.attname
            for champ in modele._meta.concrete_fields
            if (champ.get_internal_type() in _TEXTES or _est_du_json(champ)) and not champ.choices
        }
        voulus |= set(modele.champs_masques)
        _champs[modele] = tuple(sorted(voulus - set(modele.champs_clairs)))
    return _champs[modele]


def _est_du_json(champ: Any) -> bool:
    return bool(champ.get_internal_type() == "JSONField")


def appliquer(instance: Any) -> None:
    """Blind the row just read, in place."""
    if not type(instance).masque:
        return
    valeurs = instance.__dict__
    for nom in champs_a_masquer(type(instance)):
        if valeurs.get(nom) not in (None, ""):
            valeurs[nom] = _voiler(valeurs[nom])


def _voiler(valeur: Any) -> Any:
    if isinstance(valeur, str):
        return POINTS
    if isinstance(valeur, datetime):
        return valeur
    if isinstance(valeur, date):
        return valeur.replace(month=1, day=1)  # an age stays true within a year
    return type(valeur)() if isinstance(valeur, dict | list) else None


def exiger_le_droit_d_ecrire() -> None:
    """Raises LectureSeule."""
    if MASQUE.get():
        raise LectureSeule
