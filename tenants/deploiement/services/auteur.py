"""Who acts on a deployment: staff on their own site, a porteur or an operator on the network's."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Auteur:
    """As the deployment remembers them: a name and a function, from whichever site."""

    nom: str

    @classmethod
    def de(cls, compte: Any) -> "Auteur":
        return cls(f"{compte.nom_complet}, {compte.libelle_role}")


PAR_LES_FAITS = Auteur("Coché par les faits")
