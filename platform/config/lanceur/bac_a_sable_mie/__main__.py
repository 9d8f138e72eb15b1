"""``python -m config.lanceur.bac_a_sable_mie``: started by the launcher, never by a production."""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from config.lanceur.bac_a_sable_mie.autorite import charger_ou_creer
from config.lanceur.bac_a_sable_mie.serveur import BacASable

ENVIRONNEMENTS = ("TEST", "PROD")


def _sortir(_signal: int, _cadre: FrameType | None) -> None:
    sys.exit(0)


def main(arguments: list[str] | None = None) -> int:
    lecteur = argparse.ArgumentParser(prog="bac_a_sable_mie")
    for environnement in ENVIRONNEMENTS:
        lecteur.add_argument(f"--{environnement.lower()}", type=int, nargs=2, required=True)
    choix = vars(lecteur.parse_args(arguments))
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".prod"):
        sys.stderr.write("L’autorité de démonstration ne sert pas en production.\n")
        return 2
    dossier, secret = Path(os.environ["MIE_BAC_A_SABLE"]), os.environ["MIE_BAC_A_SABLE_SECRET"]
    ports = {environnement: choix[environnement.lower()] for environnement in ENVIRONNEMENTS}
    autorites = {
        environnement: charger_ou_creer(dossier, secret, f"http://localhost:{port}", environnement)
        for environnement, (port, _) in ports.items()
    }
    signal.signal(signal.SIGTERM, _sortir)
    for ici, ailleurs in (ENVIRONNEMENTS, ENVIRONNEMENTS[::-1]):
        port, port_mtls = ports[ici]
        BacASable(autorites[ici], port=port, port_mtls=port_mtls, ailleurs=autorites[ailleurs]).demarrer()
    signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
