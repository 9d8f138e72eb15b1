"""Where a programme stands on a day: its dates come from data, with their source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Objet(StrEnum):
    """What money is asked for. The first three are the types of project of a grappe."""

    ACQUISITION = "acquisition"
    MISE_A_NIVEAU = "mise_a_niveau"
    USAGES = "usages"
    FORMATION = "formation"


class Famille(StrEnum):
    SONS = "sons"
    ESMS_NUMERIQUE = "esms_numerique"
    EUROPEEN = "europeen"
    AUTRE = "autre"


class Statut(StrEnum):
    A_VENIR = "a_venir"
    OUVERT = "ouvert"
    INSTALLATION = "installation"  # orders are closed, what was ordered may still be installed
    CLOS = "clos"
    A_CONFIRMER = "a_confirmer"


@dataclass(frozen=True, slots=True)
class Programme:
    """``commande_jusqu_au`` is the last day one may apply or order, ``installation_jusqu_au`` the last to install."""

    code: str
    nom: str
    famille: Famille
    objets: frozenset[Objet]
    source: str
    citation: str = ""
    ouvert_du: date | None = None
    commande_jusqu_au: date | None = None
    installation_jusqu_au: date | None = None

    def statut(self, jour: date) -> Statut:
        if self.ouvert_du is not None and jour < self.ouvert_du:
            return Statut.A_VENIR
        if self.commande_jusqu_au is None:
            return Statut.A_CONFIRMER if self.ouvert_du is None else Statut.OUVERT
        if jour <= self.commande_jusqu_au:
            return Statut.OUVERT
        if self.installation_jusqu_au is not None and jour <= self.installation_jusqu_au:
            return Statut.INSTALLATION
        return Statut.CLOS

    def phrase(self, jour: date) -> str:
        """Its state on ``jour``, as a sentence with its dates."""
        fin, pose = self.commande_jusqu_au, self.installation_jusqu_au
        match self.statut(jour):
            case Statut.A_VENIR:
                return f"{self.nom} ouvre le {self.ouvert_du:%d/%m/%Y}."
            case Statut.A_CONFIRMER:
                return f"{self.nom}\u00a0: dates à confirmer auprès de l’ARS."
            case Statut.OUVERT if fin is None:
                return f"{self.nom} est ouvert, sans date de fin connue."
            case Statut.OUVERT:
                return f"{self.nom} est ouvert jusqu’au {fin:%d/%m/%Y} inclus."
            case Statut.INSTALLATION:
                return (
                    f"{self.nom}\u00a0: les commandes sont closes depuis le {fin:%d/%m/%Y}, "
                    f"l’installation est possible jusqu’au {pose:%d/%m/%Y} inclus."
                )
            case _:
                return f"{self.nom} est clos depuis le {fin:%d/%m/%Y}."


def ouverts(programmes: Sequence[Programme], jour: date, famille: Famille, objet: Objet) -> list[Programme]:
    """Programmes of this family one may still ask for this object on ``jour``."""
    return [
        p
        for p in programmes
        if p.famille == famille and objet in p.objets and p.statut(jour) == Statut.OUVERT
    ]
