"""What the person at the keyboard reads."""

import contextlib
import sys
import time
from collections.abc import Generator, Sequence


class Console:
    def __init__(self) -> None:
        for flux in (sys.stdout, sys.stderr):
            if hasattr(flux, "reconfigure"):
                flux.reconfigure(errors="replace")  # a Latin-1 terminal has no typographic apostrophe
        self._animee = sys.stdout.isatty()
        self._en_attente = ""

    def dire(self, phrase: str = "") -> None:
        if self._en_attente:
            self._ecrire("\r\033[K")
        self._ecrire(f"{phrase}\n" if phrase else "\n")
        if self._en_attente:
            self._ecrire(self._en_attente)

    def note(self, phrase: str) -> None:
        self.dire(f"    {phrase}")

    @contextlib.contextmanager
    def etape(self, libelle: str) -> Generator[None]:
        """One line per step, with the time it took; on a terminal it shows while it lasts."""
        depart = time.monotonic()
        if self._animee:
            self._en_attente = f"  … {libelle}"
            self._ecrire(self._en_attente)
        try:
            yield
        except BaseException:
            self._finir_ligne()
            raise
        self._finir_ligne()
        self.dire(f"  ✓ {libelle:<44}{duree(time.monotonic() - depart):>8}")

    def adresses(self, lignes: Sequence[tuple[str, ...]]) -> None:
        """Columns aligned on their longest cell."""
        largeurs = [max(len(cellule) for cellule in colonne) for colonne in zip(*lignes, strict=True)]
        for ligne in lignes:
            paires = zip(ligne, largeurs, strict=True)
            self.dire("  " + "   ".join(c.ljust(n) for c, n in paires).rstrip())

    def _finir_ligne(self) -> None:
        if self._en_attente:
            self._en_attente = ""
            self._ecrire("\r\033[K")

    def _ecrire(self, texte: str) -> None:
        with contextlib.suppress(OSError):  # the terminal was closed: go on stopping properly
            sys.stdout.write(texte)
            sys.stdout.flush()


def duree(secondes: float) -> str:
    return f"{secondes:.1f} s".replace(".", ",")


def phrase_de_refus(phrase: str) -> None:
    """A refusal, on standard error, whatever became of the terminal."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"Treille ne démarre pas : {phrase}\n")
        sys.stderr.flush()
