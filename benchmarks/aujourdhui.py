"""The page a coordinator opens first: its SQL queries must not grow with the day."""

from benchmarks.banc import Environnement


def suite(_env: Environnement, *, grand: bool) -> None:
    from benchmarks.banc import dire

    dire("à venir", "")
