"""``python -m config.lanceur.bac_a_sable_mie``: started by the launcher, never by a production."""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from config.lanceur.bac_a_sable_mie.autorite import charger_ou_creer
from config.lanceur.bac_a_sable_mie.serveur import BacASable


def _sortir(_signal: int, _cadre: FrameType | None) -> None:
    sys.exit(0)


def main(arguments: list[str] | None = None) -> int:
    lecteur = argparse.ArgumentParser(prog="bac_a_sable_mie")
    lecteur.add_argument("--port", type=int, required=True)
    lecteur.add_argument("--port-mtls", type=int, required=True)
    choix = lecteur.parse_args(arguments)
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".prod"):
        sys.stderr.write("L’autorité de démonstration ne sert pas en production.\n")
        return 2
    autorite = charger_ou_creer(
        Path(os.environ["MIE_BAC_A_SABLE"]),
        os.environ["MIE_BAC_A_SABLE_SECRET"],
        os.environ["MIE_BAC_A_SABLE_URL"],
    )
    signal.signal(signal.SIGTERM, _sortir)
    bac = BacASable(autorite, port=choix.port, port_mtls=choix.port_mtls)
    bac.demarrer()
    signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
