"""Before anything: what would make the start fail later and less clearly."""

import contextlib
import errno
import fcntl
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psycopg
import redis

from config.lanceur.binaires import VERSION_MINIMALE, glibc, refus_glibc
from config.lanceur.erreurs import RefusDemarrage, refus_systeme

PLACE_MINIMALE = 500 * 1024 * 1024


def version_de_python() -> None:
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        raise RefusDemarrage(
            "Treille demande Python 3.11, 3.12 ou 3.13 et celui-ci est un "
            f"{sys.version_info[0]}.{sys.version_info[1]} : "
            "installez l’une de ces versions, puis relancez « make run »."
        )


def dossier_de_donnees(dossier: Path) -> None:
    """Exists, may be crossed by the account of PostgreSQL, and takes a file."""
    try:
        if not dossier.exists():
            dossier.mkdir(parents=True)
            dossier.chmod(0o711 if os.geteuid() == 0 else 0o700)
        with tempfile.TemporaryFile(dir=dossier) as essai:
            essai.write(b"x" * 4096)
    except OSError as erreur:
        raise refus_systeme(erreur, dossier) from erreur


def verrouiller(dossier: Path) -> IO[str]:
    """Hold the data folder until the returned file is closed or the process ends, however it ends."""
    try:
        verrou = (dossier / "verrou").open("a+", encoding="utf-8")
    except OSError as erreur:
        raise refus_systeme(erreur, dossier) from erreur
    try:
        fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as erreur:
        verrou.seek(0)
        pid = verrou.read().strip() or "inconnu"
        verrou.close()
        raise RefusDemarrage(
            f"Treille tourne déjà avec les données de {dossier} (processus {pid}) : arrêtez ce lancement "
            "par Ctrl-C, "
            "ou donnez un autre dossier par TREILLE_DATA=/chemin."
        ) from erreur
    with contextlib.suppress(OSError):  # full disk: said by the next verification
        verrou.truncate(0)
        verrou.write(f"{os.getpid()}\n")
        verrou.flush()
    return verrou


def port_libre(adresse: str, port: int) -> None:
    famille = socket.AF_INET6 if ":" in adresse else socket.AF_INET
    with socket.socket(famille, socket.SOCK_STREAM) as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((adresse, port))
            essai.listen(1)
        except OSError as erreur:
            raise _refus_de_port(erreur, adresse, port) from erreur
    # A browser tries ::1 first for « localhost »: somebody there would answer in our place.
    if adresse == "127.0.0.1" and _repond("::1", port):
        raise _port_pris(port)


def _repond(adresse: str, port: int) -> bool:
    try:
        socket.create_connection((adresse, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def _port_pris(port: int) -> RefusDemarrage:
    autre = port + 1 if port < 65535 else 8001
    return RefusDemarrage(
        f"le port {port} est déjà pris par un autre programme : arrêtez-le, ou lancez « make run "
        f"PORT={autre} »."
    )


def _refus_de_port(erreur: OSError, adresse: str, port: int) -> RefusDemarrage:
    if erreur.errno == errno.EADDRINUSE:
        return _port_pris(port)
    if erreur.errno == errno.EACCES:
        return RefusDemarrage(
            f"le port {port} est réservé à l’administrateur : lancez « make run PORT=8001 », par exemple."
        )
    return RefusDemarrage(
        f"l’adresse {adresse} n’est pas une adresse de cette machine ({erreur.strerror}) : "
        "corrigez TREILLE_BIND, ou retirez-le pour écouter sur 127.0.0.1."
    )


def place_libre(dossier: Path, minimum: int = PLACE_MINIMALE) -> None:
    libre = shutil.disk_usage(dossier).free
    if libre < minimum:
        raise RefusDemarrage(
            f"il reste {libre // 1024**2} Mo sur le disque de {dossier} et il en faut {minimum // 1024**2} : "
            "libérez de la place, ou donnez un dossier d’un autre disque par TREILLE_DATA=/chemin."
        )


def machine_pour_postgres() -> None:
    """What the embedded server needs of the system; its own sentence comes from running it."""
    presente = glibc()
    if presente and presente < (2, 34):
        raise refus_glibc(presente)
    if sys.platform == "linux" and not Path("/usr/share/zoneinfo/UTC").exists():
        raise RefusDemarrage(
            "il manque les fuseaux horaires du système (/usr/share/zoneinfo) : installez le paquet "
            "« tzdata »."
        )


def base_donnee(url: str, variable: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=10) as connexion:
            version = connexion.info.server_version // 10000
    except psycopg.ProgrammingError as erreur:  # its message quotes the address, password included
        raise RefusDemarrage(
            f"{variable} n’est pas une adresse lisible : écrivez postgres://compte:secret@hôte:5432/base."
        ) from erreur
    except (psycopg.Error, ValueError) as erreur:
        motif = (str(erreur).strip().splitlines() or [type(erreur).__name__])[0]
        raise RefusDemarrage(
            f"la base donnée par {variable} ne répond pas ({motif}) : vérifiez qu’elle tourne et que "
            "l’adresse est "
            "juste, ou retirez cette variable pour employer la base embarquée."
        ) from erreur
    if version < VERSION_MINIMALE:
        raise RefusDemarrage(
            f"la base donnée par {variable} est un PostgreSQL {version} : il faut la version "
            f"{VERSION_MINIMALE} "
            "ou une suivante."
        )


def redis_donne(url: str) -> None:
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5)
        try:
            client.ping()
        finally:
            client.close()
    except (redis.RedisError, ValueError) as erreur:
        raise RefusDemarrage(
            f"le serveur donné par REDIS_URL ({_sans_secret(url)}) ne répond pas : vérifiez qu’il tourne et "
            "que "
            "l’adresse est juste, ou retirez cette variable pour employer le serveur embarqué."
        ) from erreur


def _sans_secret(url: str) -> str:
    try:
        lue = urlsplit(url)
        port = f":{lue.port}" if lue.port else ""
    except ValueError:
        return "adresse illisible"
    return f"{lue.scheme}://{lue.hostname or ''}{port}{lue.path}"
