"""``make bench``: every ratio in one run. ``python -m benchmarks --grand`` adds the sizes of 1 000 structures."""

import sys
import time

from benchmarks import banc


def main() -> int:
    grand = "--grand" in sys.argv
    choisis = {argument for argument in sys.argv[1:] if not argument.startswith("-")}
    debut = time.perf_counter()
    with banc.serveurs() as env:
        banc.configurer(env)
        from benchmarks import (
            aujourdhui,
            chiffrement,
            connexion,
            droits,
            flotte,
            grappe,
            provisionnement,
            reprise,
            requetes,
        )
        from plateforme.audit.journal import acte
        from plateforme.tenancy.courant import PUBLIC, lier
        from tenants.services.amorcage import amorcer

        with lier(PUBLIC), acte("banc"):
            amorcer(reserve=0)
            for nom, suite in (
                ("requetes", requetes.suite),
                ("aujourdhui", aujourdhui.suite),
                ("grappe", grappe.suite),
                ("droits", droits.suite),
                ("connexion", connexion.suite),
                ("chiffrement", chiffrement.suite),
                ("reprise", reprise.suite),
                ("flotte", flotte.suite),
                ("provisionnement", provisionnement.suite),  # last: beside the fleet it has to live with
            ):
                if not choisis or nom in choisis:
                    print(f"\n{nom}", flush=True)
                    suite(env, grand=grand)
    print(f"\n{time.perf_counter() - debut:.0f} s")
    return banc.bilan()


if __name__ == "__main__":
    sys.exit(main())
