"""``python -m config.lanceur``: what ``make run`` runs."""

import sys


def main() -> int:
    try:
        return _lancer()
    except KeyboardInterrupt:  # before the signals are ours
        return 0
    except ImportError as erreur:
        sys.stderr.write(
            f"Treille ne démarre pas : l’installation est incomplète ({erreur}) ; relancez « make run ».\n"
        )
        return 2


def _lancer() -> int:
    import os
    import traceback

    from config.lanceur.console import Console, phrase_de_refus
    from config.lanceur.demarrage import lancer
    from config.lanceur.erreurs import ArretDemande, RefusDemarrage, refus_systeme
    from config.lanceur.reglages import Reglages
    from config.lanceur.signaux import Signaux

    console = Console()
    with Signaux() as signaux:
        try:
            reglages = Reglages.lire(os.environ)
        except RefusDemarrage as refus:
            phrase_de_refus(str(refus))
            return 2
        try:
            return lancer(reglages, console, signaux)
        except ArretDemande:
            return 0
        except RefusDemarrage as refus:
            phrase_de_refus(str(refus))
        except OSError as erreur:
            phrase_de_refus(str(refus_systeme(erreur, reglages.donnees)))
        except Exception as erreur:  # noqa: BLE001 - outermost layer: a sentence, the trace in a file
            trace = reglages.donnees / "lanceur.log"
            with trace.open("a", encoding="utf-8") as fichier:
                traceback.print_exc(file=fichier)
            phrase_de_refus(f"erreur inattendue ({type(erreur).__name__}) : la trace est dans {trace}.")
        return 2


if __name__ == "__main__":
    sys.exit(main())
