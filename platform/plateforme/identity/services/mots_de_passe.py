"""What a password must be. Nobody but its owner ever chooses one, and it does not expire."""

import re
from functools import cache
from typing import Any, ClassVar

from django.contrib.auth.password_validation import CommonPasswordValidator

from plateforme.core.errors import ErreurMetier
from plateforme.core.tri import cle_de_tri
from plateforme.identity.rules import LONGUEUR_MAX, LONGUEUR_MIN
from plateforme.tenancy.courant import exiger_courant

_BANALS = frozenset(
    ("service", "services", "domicile", "aide", "soins", "association", "maison", "autonomie")
)


class MotDePasseRefuse(ErreurMetier):
    code: ClassVar[str] = "plateforme.mot_de_passe.refuse"

    def __init__(self, message: str) -> None:
        super().__init__(message, champs={"mot_de_passe": message})


@cache
def _courants() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _est_courant(mot_de_passe: str) -> bool:
    """In the list as it is, or once the figures and signs people add at the ends are taken away."""
    nu = mot_de_passe.casefold()
    return nu in _courants() or re.sub(r"^[\W\d_]+|[\W\d_]+$", "", nu) in _courants()


def _mots_a_eviter(compte: Any) -> set[str]:
    """Names of the person and of the structure, four letters and more, accents folded."""
    contexte = exiger_courant()
    texte = cle_de_tri(compte.prenom, compte.nom, compte.identifiant, contexte.nom, contexte.slug)
    return {mot for mot in texte.split() if len(mot) >= 4 and mot not in _BANALS}


def verifier(mot_de_passe: str, compte: Any) -> None:
    """Raises MotDePasseRefuse, with what to do."""
    if "\x00" in mot_de_passe:
        raise MotDePasseRefuse("Ce mot de passe contient un caractère impossible à saisir.")
    if len(mot_de_passe) < LONGUEUR_MIN:
        raise MotDePasseRefuse(
            f"Ce mot de passe est trop court\u00a0: {LONGUEUR_MIN} caractères au moins. Trois ou quatre mots font très bien."
        )
    if len(mot_de_passe) > LONGUEUR_MAX:
        raise MotDePasseRefuse(f"Ce mot de passe est trop long\u00a0: {LONGUEUR_MAX} caractères au plus.")
    if _est_courant(mot_de_passe) or len(set(mot_de_passe.casefold())) < 5:
        raise MotDePasseRefuse(
            "Ce mot de passe est trop connu. Choisissez plusieurs mots sans rapport entre eux."
        )
    plat = cle_de_tri(mot_de_passe).replace(" ", "")
    if any(mot in plat for mot in _mots_a_eviter(compte)):
        raise MotDePasseRefuse(
            "Ce mot de passe contient votre nom ou celui de la structure. Choisissez-en un autre."
        )
