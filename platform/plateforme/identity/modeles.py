"""The tables of the bound schema: a structure's own, or the network's."""

from dataclasses import dataclass
from typing import Any

from plateforme.tenancy.courant import exiger_courant


@dataclass(frozen=True, slots=True)
class Modeles:
    compte: Any
    session: Any
    facteur: Any
    code: Any
    lien: Any
    verrou: Any


def modeles() -> Modeles:
    if exiger_courant().est_une_structure:
        from plateforme.identity import models

        return Modeles(
            models.Compte, models.Session, models.Facteur, models.CodeDeSecours, models.Lien, models.Verrou
        )
    from plateforme.reseau import models as reseau

    return Modeles(
        reseau.CompteReseau,
        reseau.SessionReseau,
        reseau.FacteurReseau,
        reseau.CodeDeSecoursReseau,
        reseau.LienReseau,
        reseau.VerrouReseau,
    )


def modele_de_compte() -> Any:
    """``Compte`` in a structure, ``CompteReseau`` on the network's own site."""
    return modeles().compte
