"""Money and rates, with their roundings; durations are integer minutes."""

from decimal import ROUND_HALF_UP, Decimal


def centimes(montant: Decimal) -> Decimal:
    """Amount in euros rounded to the cent, half up, as on an invoice line."""
    return montant.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def en_heures(minutes: int) -> Decimal:
    """Hours of an integer number of minutes, exact to a hundredth: 50 minutes → 0.83."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
