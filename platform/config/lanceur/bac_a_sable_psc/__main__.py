"""``python -m config.lanceur.bac_a_sable_psc``: started by the launcher, never by a production."""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from config.lanceur.bac_a_sable_psc.serveur import BacASable


def _sortir(_signal: int, _cadre: FrameType | None) -> None:
    sys.exit(0)


def main(arguments: list[str] | None = None) -> int:
    lecteur = argparse.ArgumentParser(prog="bac_a_sable")
    lecteur.add_argument("--port", type=int, required=True)
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--reseau", required=True)
    choix = lecteur.parse_args(arguments)
    module = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    if module.endswith(".prod"):
        sys.stderr.write("Le bac à sable Pro Santé Connect ne sert pas en production.\n")
        return 2
    client = (os.environ["PSC_CLIENT_ID"], os.environ["PSC_CLIENT_SECRET"])
    signal.signal(signal.SIGTERM, _sortir)
    # Loopback whatever the web server listens on: plain http leaves no machine.
    serveur = BacASable(
        hote="127.0.0.1", port=choix.port, donnees=choix.donnees, client=client, reseau=choix.reseau
    )
    serveur.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
