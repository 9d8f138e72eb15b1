"""The clock of a violation: hours left to tell the CNIL, what is still missing before it may be closed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Risque(StrEnum):
    A_EVALUER = "a_evaluer"
    AUCUN = "aucun"
    PROBABLE = "probable"
    ELEVE = "eleve"


class Genre(StrEnum):
    """A line of the file, never changed once written."""

    CNIL_INITIALE = "cnil_initiale"
    CNIL_COMPLEMENT = "cnil_complement"
    NON_NOTIFIEE = "non_notifiee"
    PERSONNES = "personnes"
    PERSONNES_DISPENSE = "personnes_dispense"
    CERT_SANTE = "cert_sante"
    MESURE = "mesure"
    CLOTURE = "cloture"


@dataclass(frozen=True, slots=True)
class Horloge:
    """Source: RGPD art. 33-1, « 72 heures au plus tard après en avoir pris connaissance ». ``heures`` is dated data."""

    connue_a: datetime
    heures: int
    notifiee_a: datetime | None
    dispensee: bool
    maintenant: datetime

    @property
    def echeance(self) -> datetime:
        return self.connue_a + timedelta(hours=self.heures)

    @property
    def arretee(self) -> bool:
        return self.notifiee_a is not None or self.dispensee

    @property
    def heures_restantes(self) -> int:
        """Whole hours, the one begun counted; negative once late."""
        reste = self.echeance - self.maintenant
        heures = abs(reste.total_seconds()) / 3600
        return int(heures) if reste >= timedelta(0) else -int(heures) - 1

    @property
    def en_retard(self) -> bool:
        """The deadline itself is still in time."""
        return (self.notifiee_a or self.maintenant) > self.echeance

    @property
    def ton(self) -> str:
        if self.dispensee or (self.notifiee_a and not self.en_retard):
            return "ok"
        if self.en_retard:
            return "alerte"
        return "attention" if self.heures_restantes <= 24 else "info"

    @property
    def phrase(self) -> str:
        if self.notifiee_a:
            return "Notifiée à la CNIL hors délai." if self.en_retard else "Notifiée à la CNIL dans le délai."
        if self.dispensee:
            return "Pas de notification\u00a0: la décision est motivée."
        if self.en_retard:
            return f"Délai de {self.heures}\u00a0h dépassé. Notifiez maintenant, avec les motifs du retard."
        reste = self.heures_restantes
        dit = "moins d’une heure" if reste == 0 else f"{reste}\u00a0h"
        return f"Il reste {dit} pour notifier la CNIL."


def reste_a_faire(risque: str, faits: Collection[str], *, mesures: bool) -> list[str]:
    """Why the file may not be closed yet, one sentence each; empty when it may.

    Source: RGPD art. 33 (notification, registre) and art. 34 (personnes informées quand le risque est élevé).
    """
    manques = []
    if risque == Risque.A_EVALUER:
        manques.append("Évaluez le risque pour les personnes.")
    if not {Genre.CNIL_INITIALE, Genre.NON_NOTIFIEE} & set(faits):
        manques.append("Notifiez la CNIL, ou motivez pourquoi la violation ne l’est pas.")
    elif risque in (Risque.PROBABLE, Risque.ELEVE) and Genre.CNIL_INITIALE not in faits:
        manques.append("Un risque pour les personnes oblige à notifier la CNIL.")
    if risque == Risque.ELEVE and not {Genre.PERSONNES, Genre.PERSONNES_DISPENSE} & set(faits):
        manques.append(
            "Le risque est élevé\u00a0: informez les personnes, ou motivez la dispense de l’article 34-3."
        )
    if not mesures:
        manques.append("Décrivez les mesures prises.")
    return manques
