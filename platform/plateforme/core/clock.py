"""The only reader of the clock. Instants are UTC; the day belongs to the structure's zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from plateforme.tenancy.courant import courant


def now() -> datetime:
    """The current instant, in UTC."""
    return datetime.now(UTC)


def fuseau() -> ZoneInfo:
    """Zone of the bound structure; Paris where none is bound (the network's own pages)."""
    contexte = courant()
    return ZoneInfo(contexte.fuseau if contexte else "Europe/Paris")


def today() -> date:
    """The day it is now in the structure: 21 h UTC is tomorrow in La Réunion."""
    return now().astimezone(fuseau()).date()


def instant(jour: date, heure: time) -> datetime:
    """UTC instant of a wall-clock time of the structure. A time skipped by DST is read one hour later."""
    return datetime.combine(jour, heure, tzinfo=fuseau()).astimezone(UTC)


def bornes_du_jour(jour: date) -> tuple[datetime, datetime]:
    """[start, end) of a local day, 23 to 25 hours long."""
    return instant(jour, time.min), instant(date.fromordinal(jour.toordinal() + 1), time.min)
