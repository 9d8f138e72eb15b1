"""When to remind of an end: thresholds in days, said once each."""

from collections.abc import Collection, Iterable
from datetime import date


def a_dire(
    fin: date, jour: date, seuils: Iterable[int], dits: Collection[int]
) -> tuple[int | None, list[int]]:
    """(threshold to say now, those passed over in silence).

    After a stop of several weeks one reminder is enough, the nearest to the end; the others are noted as gone by.
    """
    reste = (fin - jour).days
    atteints = sorted(seuil for seuil in seuils if reste <= seuil and seuil not in dits)
    if not atteints or reste < 0:
        return None, atteints
    # A nearer one was said already: those left behind are of no use.
    if any(dit < atteints[0] for dit in dits):
        return None, atteints
    return atteints[0], atteints[1:]
