import errno
from pathlib import Path


class RefusDemarrage(Exception):
    """One French sentence for the person at the keyboard: what is wrong and how to mend it."""


class ArretDemande(Exception):
    """Ctrl-C, SIGTERM or a closed terminal while something was starting."""


def disque_plein(dossier: Path | str) -> RefusDemarrage:
    return RefusDemarrage(
        f"le disque qui porte {dossier} est plein : libérez de la place puis relancez, rien n’est perdu."
    )


def refus_systeme(erreur: OSError, dossier: Path | str) -> RefusDemarrage:
    """The sentence for an error of the file system met under ``dossier``."""
    if erreur.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disque_plein(dossier)
    ou = erreur.filename or dossier
    if erreur.errno == errno.EROFS:
        return RefusDemarrage(
            f"{ou} est en lecture seule : donnez un dossier inscriptible par TREILLE_DATA=/chemin."
        )
    if erreur.errno in {errno.EACCES, errno.EPERM}:
        return RefusDemarrage(
            f"le compte courant n’a pas le droit d’écrire dans {ou} : "
            "rendez-le-lui, ou donnez un autre dossier par TREILLE_DATA=/chemin."
        )
    motif = erreur.strerror or str(erreur)
    return RefusDemarrage(
        f"{ou} n’est pas utilisable ({motif}) : donnez un autre dossier par TREILLE_DATA=/chemin."
    )
