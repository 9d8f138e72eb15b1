"""ClamAV by its INSTREAM command, on a unix socket or over TCP. Silence is never taken for a clean bill."""

import contextlib
import socket
import struct
from collections.abc import Iterator

from django.conf import settings

from plateforme.core.errors import Indisponible

_BLOC = 1 << 16
_REPONSE_MAX = 4096


class AntivirusMuet(Indisponible):
    code = "storage.antivirus.muet"
    message = "L’antivirus ne répond pas\u00a0: le document attend en quarantaine."


def est_branche() -> bool:
    return bool(settings.CLAMAV)


@contextlib.contextmanager
def _connexion(adresse: str) -> Iterator[socket.socket]:
    genre, _, reste = adresse.partition(":")
    if genre == "unix":
        prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        cible: object = reste
    else:
        hote, _, port = reste.rpartition(":")
        prise = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        cible = (hote, int(port))
    try:
        prise.settimeout(settings.CLAMAV_SECONDES)
        prise.connect(cible)  # type: ignore[arg-type]
        yield prise
    finally:
        prise.close()


def controler(octets: bytes) -> str:
    """Name of what was found, "" for nothing. Raises AntivirusMuet for anything but a clear answer."""
    try:
        with _connexion(settings.CLAMAV) as prise:
            prise.sendall(b"zINSTREAM\0")
            vue = memoryview(octets)
            for debut in range(0, len(octets), _BLOC):
                bloc = vue[debut : debut + _BLOC]
                prise.sendall(struct.pack(">I", len(bloc)))
                prise.sendall(bloc)
            prise.sendall(struct.pack(">I", 0))
            reponse = _lire(prise)
    except (OSError, ValueError) as erreur:
        raise AntivirusMuet from erreur
    if reponse == "stream: OK":
        return ""
    if reponse.startswith("stream: ") and reponse.endswith(" FOUND"):
        return reponse.removeprefix("stream: ").removesuffix(" FOUND")[:100] or "inconnu"
    raise AntivirusMuet


def _lire(prise: socket.socket) -> str:
    recu = b""
    while b"\0" not in recu and len(recu) < _REPONSE_MAX:
        bloc = prise.recv(1024)
        if not bloc:
            break
        recu += bloc
    return recu.partition(b"\0")[0].decode("utf-8", "replace").strip()
