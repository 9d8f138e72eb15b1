import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config.lanceur import processus
from config.lanceur.erreurs import RefusDemarrage
from config.lanceur.processus import Pause

VIE_SAINE = 10.0  # a child without a probe that lives this long counts as healthy


class Service:
    """A long-running command, its log, and how to know that it is well."""

    def __init__(
        self,
        nom: str,
        libelle: str,
        commande: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        journal: Path,
        delai_arret: float = 10,
        sonde: Callable[[], bool] | None = None,
    ) -> None:
        self.nom = nom
        self.libelle = libelle
        self.commande = list(commande)
        self.journal = journal
        self.delai_arret = delai_arret
        self.processus: subprocess.Popen[bytes] | None = None
        self._env = env
        self._cwd = cwd
        self._sonde = sonde
        self._sain = False
        self._naissance = 0.0

    def demarrer(self, _pause: Pause = time.sleep) -> None:
        """Start without waiting: :meth:`en_bonne_sante` says when it is ready."""
        self._sain = False
        self._naissance = time.monotonic()
        with processus.ouvrir_journal(self.journal) as sortie:
            self.processus = processus.lancer(self.commande, env=self._env, cwd=self._cwd, sortie=sortie)

    def en_bonne_sante(self) -> bool:
        if self.processus is None or self.processus.poll() is not None:
            return False
        if not self._sain:
            assez_vieux = time.monotonic() - self._naissance >= VIE_SAINE
            self._sain = self._sonde() if self._sonde else assez_vieux
        return self._sain

    def arreter(self, delai: float | None = None, pause: Pause = time.sleep) -> bool:
        if self.processus is None:
            return True
        attente = self.delai_arret if delai is None else delai
        propre = processus.arreter(self.processus, [(signal.SIGTERM, attente)], pause)
        self.processus = None
        return propre

    def forcer(self) -> None:
        if self.processus:
            processus.achever_groupe(self.processus.pid)


def executer_etape(
    nom: str,
    commande: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    journal: Path,
    pause: Pause,
) -> None:
    """Run a one-shot command to its end; a stop request ends it too."""
    depuis = journal.stat().st_size if journal.exists() else 0
    with processus.ouvrir_journal(journal) as sortie:
        enfant = processus.lancer(commande, env=env, cwd=cwd, sortie=sortie)
    try:
        while enfant.poll() is None:
            pause(0.5)
    except BaseException:
        processus.arreter(enfant, [(signal.SIGTERM, 5)])
        raise
    processus.achever_groupe(enfant.pid)
    if enfant.returncode:
        raise RefusDemarrage(
            f"l’étape « {nom} » a échoué ({derniere_ligne(journal, depuis)}) : voyez {journal}."
        )


def derniere_ligne(journal: Path, depuis: int = 0) -> str:
    """The last thing a child said, short enough for a sentence."""
    try:
        with journal.open("rb") as lu:
            taille = lu.seek(0, 2)
            lu.seek(max(depuis, taille - 4000))
            lignes = lu.read().decode(errors="replace").split("\n")
    except OSError:
        lignes = []
    dites = [ligne.strip() for ligne in lignes if ligne.strip()]
    return dites[-1][:200] if dites else "sans message"


def tourner(journal: Path, *, taille_max: int = 5_000_000, gardes: int = 3) -> None:
    """Before a start: ``x.log`` becomes ``x.log.1`` once large, and the oldest goes."""
    if not journal.exists() or journal.stat().st_size <= taille_max:
        return
    for rang in range(gardes - 1, 0, -1):
        ancien = journal.with_name(f"{journal.name}.{rang}")
        if ancien.exists():
            ancien.replace(journal.with_name(f"{journal.name}.{rang + 1}"))
    journal.replace(journal.with_name(f"{journal.name}.1"))
