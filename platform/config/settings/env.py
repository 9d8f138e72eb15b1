"""The only reader of ``os.environ`` on the Django side: typed, documented, refusing nonsense."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting read from the environment, as shown by ``manage.py variables``."""

    nom: str
    genre: str
    defaut: str
    usage: str
    secrete: bool


LUES: dict[str, Variable] = {}
_VRAI = {"1", "true", "oui"}
_FAUX = {"0", "false", "non", ""}


def _lire(nom: str) -> str | None:
    """Value of ``nom``, or the content of the file named by ``nom_FILE`` (mounted secrets)."""
    if fichier := os.environ.get(f"{nom}_FILE"):
        try:
            return Path(fichier).read_text(encoding="utf-8").strip()
        except OSError as erreur:
            raise ImproperlyConfigured(f"{nom}_FILE : {fichier} illisible ({erreur.strerror}).") from erreur
    return os.environ.get(nom)


def texte(nom: str, defaut: str | None = None, *, usage: str, secrete: bool = False) -> str:
    """A string; without ``defaut`` the variable is mandatory."""
    LUES[nom] = Variable(nom, "texte", "obligatoire" if defaut is None else defaut, usage, secrete)
    valeur = _lire(nom)
    if valeur is None or (valeur == "" and defaut is None):
        if defaut is None:
            raise ImproperlyConfigured(f"La variable {nom} est obligatoire : {usage}.")
        return defaut
    return valeur


def entier(nom: str, defaut: int, *, usage: str) -> int:
    """A whole number."""
    LUES[nom] = Variable(nom, "entier", str(defaut), usage, secrete=False)
    valeur = _lire(nom)
    if valeur is None or valeur == "":
        return defaut
    try:
        return int(valeur)
    except ValueError as erreur:
        raise ImproperlyConfigured(f"{nom} doit être un entier, pas « {valeur} ».") from erreur


def booleen(nom: str, *, defaut: bool, usage: str) -> bool:
    """A yes or no; any other word is refused rather than guessed."""
    LUES[nom] = Variable(nom, "oui/non", "oui" if defaut else "non", usage, secrete=False)
    valeur = _lire(nom)
    if valeur is None:
        return defaut
    if valeur.lower() in _VRAI:
        return True
    if valeur.lower() in _FAUX:
        return False
    raise ImproperlyConfigured(f"{nom} doit valoir oui ou non, pas « {valeur} ».")


def liste(nom: str, defaut: str, *, usage: str) -> list[str]:
    """Comma-separated words."""
    return [mot.strip() for mot in texte(nom, defaut, usage=usage).split(",") if mot.strip()]
