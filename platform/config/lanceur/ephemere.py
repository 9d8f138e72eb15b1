"""Servers of one test session: no durability, nothing left on the disk."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path

from config.lanceur.postgres import GrappePostgres
from config.lanceur.valkey import ServeurValkey

PREFIXE = "treille-essai-"


@contextlib.contextmanager
def grappe_ephemere(
    *,
    reglages: Mapping[str, str] | None = None,
    port: int = 5432,
    tcp: bool = False,
    binaires_donnes: Path | None = None,
) -> Generator[GrappePostgres]:
    """A started cluster with its roles and the base ``treille``."""
    balayer()
    dossier = Path(tempfile.mkdtemp(prefix=PREFIXE))
    grappe = GrappePostgres(
        dossier, durable=False, reglages=reglages, port=port, tcp=tcp, binaires_donnes=binaires_donnes
    )
    try:
        grappe.demarrer()
        yield grappe
    finally:
        grappe.detruire()


@contextlib.contextmanager
def valkey_ephemere() -> Generator[ServeurValkey]:
    balayer()
    dossier = Path(tempfile.mkdtemp(prefix=PREFIXE))
    serveur = ServeurValkey(dossier, durable=False)
    with (dossier / "verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        try:
            serveur.demarrer()
            yield serveur
        finally:
            serveur.arreter()
            shutil.rmtree(dossier, ignore_errors=True)


def balayer() -> None:
    """Remove what killed test runs left: folders whose lock nobody holds any more."""
    for dossier in Path(tempfile.gettempdir()).glob(f"{PREFIXE}*"):
        with contextlib.suppress(OSError), (dossier / "verrou").open("r+") as verrou:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(dossier, ignore_errors=True)
