"""Half-open intervals [debut, fin): the end of one visit may be the start of the next."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime


class PeriodeInversee(ValueError):
    def __init__(self) -> None:
        super().__init__("La fin précède le début.")


@dataclass(frozen=True, slots=True)
class Periode:
    debut: datetime
    fin: datetime

    def __post_init__(self) -> None:
        if self.fin < self.debut:
            raise PeriodeInversee

    @property
    def minutes(self) -> int:
        """Whole minutes; seconds are dropped."""
        return int((self.fin - self.debut).total_seconds() // 60)

    def chevauche(self, autre: "Periode") -> bool:
        return self.debut < autre.fin and autre.debut < self.fin

    def contient(self, instant: datetime) -> bool:
        return self.debut <= instant < self.fin


def plus_mois(jour: date, mois: int) -> date:
    """The same day ``mois`` later; the last of the month where that day does not exist."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, indice = divmod(rang, 12)
    return date(annee, indice + 1, min(jour.day, monthrange(annee, indice + 1)[1]))
