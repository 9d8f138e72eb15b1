"""The national identifier of a professional: ``8`` and the eleven digits of the RPPS."""

import re
from dataclasses import dataclass
from typing import Self

from stdnum import luhn

from plateforme.core.identifiers import IdentifiantInvalide


@dataclass(frozen=True, slots=True)
class Rpps:
    """Eleven digits, the last one a Luhn key. Source: interop §3.3 (``899700218896`` is 8 and 99700218896)."""

    numero: str

    @classmethod
    def lire(cls, valeur: str) -> Self:
        """Accepts the number with or without its prefix, with blanks. Raises IdentifiantInvalide."""
        chiffres = re.sub(r"[\s.\- ]", "", valeur)
        if len(chiffres) == 12 and chiffres.startswith("8"):
            chiffres = chiffres[1:]
        if not re.fullmatch(r"[0-9]{11}", chiffres):
            raise IdentifiantInvalide("Le numéro RPPS compte 11 chiffres.")
        if not luhn.is_valid(chiffres):
            raise IdentifiantInvalide(
                "Le numéro RPPS est mal recopié\u00a0: sa clé de contrôle ne correspond pas."
            )
        return cls(chiffres)

    @property
    def id_national(self) -> str:
        return f"8{self.numero}"
