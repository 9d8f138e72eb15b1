"""Bytes of a key, overwritten when they have served: what Python and the libraries free, nobody else erases."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

# Where the bytes of a ``bytes`` begin in CPython: its size without content, less the final zero.
_DEBUT = bytes.__basicsize__ - 1
# <malloc.h>: every block given back to the allocator is filled with this byte.
_M_PERTURB = -6
_REMPLISSAGE = 0x5A


def effacer(octets: bytes | bytearray) -> None:
    """Write zeros over ``octets``, of which the caller holds the only copy. Nobody may read them any more."""
    if isinstance(octets, bytearray):
        octets[:] = bytes(len(octets))
    elif len(octets) > 1:  # the empty one and those of one byte are shared by the whole process
        ctypes.memset(id(octets) + _DEBUT, 0, len(octets))


class _Ecrasement:
    """Counts the works in progress: the allocator erases as long as there is one, in every thread."""

    def __init__(self) -> None:
        self._verrou, self._travaux = Lock(), 0
        # Another C library has none: what is left then is said in the README.
        self._mallopt: Any = getattr(ctypes.CDLL(None), "mallopt", None)

    def changer(self, pas: int) -> None:
        if self._mallopt is None:
            return
        with self._verrou:
            self._travaux += pas
            self._mallopt(_M_PERTURB, _REMPLISSAGE if self._travaux else 0)


_ECRASEMENT = _Ecrasement()


@contextmanager
def sans_trace() -> Iterator[None]:
    """Around the handling of a key: buffers our libraries free without cleaning are overwritten as they are freed."""
    _ECRASEMENT.changer(1)
    try:
        yield
    finally:
        _ECRASEMENT.changer(-1)
