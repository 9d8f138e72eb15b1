"""Value objects of the numbers the field types every day: parsed, normalised, checked, never guessed."""

import re
from dataclasses import dataclass
from typing import Self

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.fr import nir, siren, siret


class IdentifiantInvalide(ValueError):
    """What was typed is not such a number; the message is the sentence to show."""


_ESPACES = re.compile(r"[\s.\-  ]+")


def _compacter(valeur: str) -> str:
    return _ESPACES.sub("", valeur).upper()


@dataclass(frozen=True, slots=True)
class Finess:
    """A FINESS number, of an entité juridique or of an établissement: 9 characters, the last a Luhn key.

    The first two characters are the département (2A and 2B in Corsica, 97 or 98 then a digit overseas).
    Source: à confirmer — répertoire FINESS (DREES/ANS), notice de l'extraction publique ; the letter of Corsica counts
    1 for A and 2 for B in the key, checked on published numbers (2A0000014, 2B0000020).
    """

    numero: str

    @classmethod
    def lire(cls, valeur: str) -> Self:
        """Accepts blanks, dots and lower case. Raises IdentifiantInvalide with the reason."""
        numero = _compacter(valeur)
        if not numero:
            raise IdentifiantInvalide("Le numéro FINESS est vide : 9 caractères sont attendus.")
        if numero.isdigit() and len(numero) == 8:
            raise IdentifiantInvalide(
                f"Le numéro FINESS {numero} n’a que 8 chiffres : le zéro du début a sans doute été perdu par le tableur."
            )
        if len(numero) != 9:
            raise IdentifiantInvalide(
                f"Le numéro FINESS {numero} compte {len(numero)} caractères au lieu de 9."
            )
        if not re.fullmatch(r"\d{9}|2[AB]\d{7}", numero):
            raise IdentifiantInvalide(
                f"Le numéro FINESS {numero} contient un caractère inattendu : des chiffres, sauf 2A ou 2B au début "
                "pour la Corse."
            )
        if not re.match(r"0[1-9]|[1-8]\d|9[0-5]|9[78]|2[AB]", numero) or numero.startswith("20"):
            raise IdentifiantInvalide(f"Le numéro FINESS {numero} ne commence par aucun département connu.")
        if not luhn.is_valid(numero.replace("A", "1").replace("B", "2")):
            raise IdentifiantInvalide(
                f"Le numéro FINESS {numero} est mal recopié : sa clé de contrôle (dernier chiffre) ne correspond pas."
            )
        return cls(numero)

    @property
    def departement(self) -> str:
        """``22``, ``2A``, ``974``: overseas départements have three digits."""
        return self.numero[:3] if self.numero.startswith(("97", "98")) else self.numero[:2]

    def __str__(self) -> str:
        return self.numero


@dataclass(frozen=True, slots=True)
class Siret:
    """A SIRET number (14 digits, Luhn, with the exception of La Poste).

    Source: Insee, définition du SIRET ; rule of python-stdnum.
    """

    numero: str

    @classmethod
    def lire(cls, valeur: str) -> Self:
        try:
            return cls(siret.validate(_compacter(valeur)))
        except ValidationError as erreur:
            raise IdentifiantInvalide(
                f"Le numéro SIRET « {valeur.strip()} » est faux : 14 chiffres, les 9 premiers sont le SIREN."
            ) from erreur

    @property
    def siren(self) -> str:
        return self.numero[:9]

    def __str__(self) -> str:
        return self.numero


@dataclass(frozen=True, slots=True)
class Siren:
    """A SIREN number (9 digits, Luhn). Source: Insee, définition du SIREN ; rule of python-stdnum."""

    numero: str

    @classmethod
    def lire(cls, valeur: str) -> Self:
        try:
            return cls(siren.validate(_compacter(valeur)))
        except ValidationError as erreur:
            raise IdentifiantInvalide(
                f"Le numéro SIREN « {valeur.strip()} » est faux : 9 chiffres."
            ) from erreur

    def __str__(self) -> str:
        return self.numero


@dataclass(frozen=True, slots=True)
class MatriculeIns:
    """A matricule INS: the NIR or NIA, 13 characters and its key of 2 digits. Without its OID it is not yet an INS.

    Source: RNIV 1 ; key 97 − (N mod 97), Corsica 2A → 19 and 2B → 18, rule of python-stdnum.
    """

    numero: str

    @classmethod
    def lire(cls, valeur: str) -> Self:
        """Accepts blanks and lower case. Raises IdentifiantInvalide, whose message never repeats the number."""
        numero = _compacter(valeur)
        if len(numero) != 15:
            raise IdentifiantInvalide(
                "Le matricule INS compte 15 caractères\u00a0: les 13 du numéro, puis les 2 de sa clé."
            )
        try:
            return cls(nir.validate(numero))
        except ValidationError as erreur:
            raise IdentifiantInvalide(
                "Ce matricule INS est mal recopié\u00a0: sa clé (les 2 derniers chiffres) ne correspond pas."
            ) from erreur

    @property
    def fin(self) -> str:
        """What a screen may show."""
        return self.numero[-4:]

    def __repr__(self) -> str:
        return "MatriculeIns(…)"

    def __str__(self) -> str:
        return self.numero
