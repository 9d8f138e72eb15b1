"""Children: how they are born, how they are told apart after a crash, how they end."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

TREMPLIN = Path(__file__).with_name("tremplin.py")

Pause = Callable[[float], None]


@dataclass(frozen=True)
class Compte:
    """An unprivileged system account that owns the cluster when the launcher is root."""

    nom: str
    uid: int
    gid: int


def _relais(commande: Sequence[str], compte: Compte | None, signal_de_mort: int) -> list[str]:
    uid, gid = (compte.uid, compte.gid) if compte else (-1, -1)
    nombres = [os.getpid(), int(signal_de_mort), uid, gid]
    return [sys.executable, "-I", "-S", str(TREMPLIN), *map(str, nombres), *commande]


def lancer(
    commande: Sequence[str],
    *,
    env: Mapping[str, str],
    sortie: IO[bytes] | int,
    cwd: Path | str = "/",
    compte: Compte | None = None,
    signal_de_mort: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches the launcher alone.

    On Linux it receives ``signal_de_mort`` if the launcher dies, be it by SIGKILL. The kernel ties this to
    the *thread* that calls: call from the main one.
    """
    return subprocess.Popen(
        _relais(commande, compte, signal_de_mort),
        stdin=subprocess.DEVNULL,
        stdout=sortie,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=dict(env),
        umask=0o077,
        start_new_session=True,
    )


def ouvrir_journal(chemin: Path) -> IO[bytes]:
    """Append to a log that only its owner reads: a server may quote data in it."""
    descripteur = os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(descripteur, "ab", buffering=0)


def executer(
    commande: Sequence[str], *, env: Mapping[str, str], compte: Compte | None = None, delai: float = 300
) -> tuple[int, str]:
    """Run a short command to its end: exit status and everything it printed."""
    try:
        fini = subprocess.run(
            _relais(commande, compte, signal.SIGKILL),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=dict(env),
            start_new_session=True,
            timeout=delai,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        return 124, (erreur.output or b"").decode(errors="replace")
    return fini.returncode, fini.stdout.decode(errors="replace")


def naissance(pid: int) -> str | None:
    """What tells this process from a later one with the same number; None once it is dead, even unburied."""
    try:
        champs = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        if Path("/proc/self").exists():
            return None
        vu = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return vu.stdout.strip() or None
    return None if champs[0] in {"Z", "X"} else champs[19]


def famille(chef: int, naissance_du_chef: str | None, marque: str) -> list[tuple[int, str]]:
    """A child known by its birth, and the members of its group that bear ``marque`` in their environment."""
    vus = []
    if naissance_du_chef and naissance(chef) == naissance_du_chef:
        vus.append((chef, naissance_du_chef))
    for dossier in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            groupe = (dossier / "stat").read_text().rpartition(")")[2].split()[2]
            environnement = (dossier / "environ").read_bytes().split(b"\0")
            pid = int(dossier.name)
            if (
                int(groupe) == chef != pid
                and os.fsencode(marque) in environnement
                and (ne_a := naissance(pid))
            ):
                vus.append((pid, ne_a))
    return vus


def signaler(pid: int, numero: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, numero)


def achever_groupe(pid: int) -> None:
    """Kill what a dead child may have left in its session (workers of granian, of Celery)."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def attendre_fin(est_mort: Callable[[], bool], delai: float, pause: Pause = time.sleep) -> bool:
    fin = time.monotonic() + delai
    while not est_mort():
        if time.monotonic() > fin:
            return False
        pause(0.02)
    return True


def arreter(
    processus: subprocess.Popen[bytes],
    suite: Sequence[tuple[int, float]],
    pause: Pause = time.sleep,
) -> bool:
    """Send each signal of ``suite`` and wait its delay; then kill. True when the first one was enough."""
    for rang, (numero, delai) in enumerate(suite):
        if processus.poll() is None:
            signaler(processus.pid, numero)
        if attendre_fin(lambda: processus.poll() is not None, delai, pause):
            achever_groupe(processus.pid)
            return rang == 0
    processus.kill()
    processus.wait()
    achever_groupe(processus.pid)
    return False
