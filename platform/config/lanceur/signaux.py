"""Stop requests and deaths of children, waited for in one place without a polling loop."""

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

from config.lanceur.erreurs import ArretDemande

ARRETS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signaux:
    """Inside the block, the first stop request is remembered; a second one calls ``forcer`` and leaves."""

    def __init__(self) -> None:
        self.arret_demande = False
        self.arret_en_cours = False
        self.forcer: Callable[[], None] = lambda: None
        self._lecture, self._ecriture = socket.socketpair()
        self._anciens: list[tuple[int, object]] = []

    def __enter__(self) -> Self:
        self._lecture.settimeout(0)
        self._ecriture.settimeout(0)
        signal.set_wakeup_fd(self._ecriture.fileno(), warn_on_full_buffer=False)
        for numero in ARRETS:
            if signal.getsignal(numero) is signal.SIG_IGN and numero == signal.SIGHUP:
                continue  # nohup
            self._anciens.append((numero, signal.signal(numero, self._recevoir)))
        self._anciens.append((signal.SIGCHLD, signal.signal(signal.SIGCHLD, _reveiller)))
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _erreur: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for numero, ancien in self._anciens:
            signal.signal(numero, ancien)  # type: ignore[arg-type]
        signal.set_wakeup_fd(-1)
        self._lecture.close()
        self._ecriture.close()

    def pause(self, secondes: float) -> None:
        """Wait, less if something happens. A stop request raises ``ArretDemande`` until the stop begins."""
        self._verifier()
        select.select([self._lecture], [], [], secondes)
        try:
            while self._lecture.recv(4096):
                pass
        except BlockingIOError:
            pass
        self._verifier()

    def _verifier(self) -> None:
        if self.arret_demande and not self.arret_en_cours:
            raise ArretDemande

    def _recevoir(self, numero: int, _cadre: FrameType | None) -> None:
        if self.arret_demande and numero != signal.SIGHUP:
            self.forcer()
            os._exit(1)
        self.arret_demande = True


def _reveiller(_numero: int, _cadre: FrameType | None) -> None:
    """The wake-up descriptor does the work; a handler must exist for it to be written."""


def attendre(condition: Callable[[], bool], delai: float, pause: Callable[[float], None]) -> bool:
    fin = time.monotonic() + delai
    while not condition():
        if time.monotonic() > fin:
            return False
        pause(0.1)
    return True
