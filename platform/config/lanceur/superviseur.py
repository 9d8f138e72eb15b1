"""Keep children alive, and end them in the reverse order of their start."""

import contextlib
import json
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from config.lanceur import processus
from config.lanceur.coffre import ecrire_atomique
from config.lanceur.erreurs import RefusDemarrage
from config.lanceur.processus import Pause
from config.lanceur.service import derniere_ligne
from config.lanceur.signaux import Signaux

ATTENTE_INITIALE, ATTENTE_MAX = 0.5, 10.0
MORTS_MAX, FENETRE = 5, 60.0


class Enfant(Protocol):
    nom: str
    libelle: str
    journal: Path
    processus: subprocess.Popen[bytes] | None

    def demarrer(self, pause: Pause, /) -> None: ...
    def en_bonne_sante(self) -> bool: ...
    def arreter(self, *, pause: Pause) -> bool: ...
    def forcer(self) -> None: ...


@dataclass
class _Suivi:
    enfant: Enfant
    morts: deque[float] = field(default_factory=lambda: deque(maxlen=MORTS_MAX))
    attente: float = 0.0
    reprise: float | None = None  # when to start it again

    def noter_sante(self) -> None:
        self.morts.clear()
        self.attente = 0.0


class Abandon(Exception):
    """A child that will not live."""


class Superviseur:
    def __init__(
        self,
        donnees: Path,
        signaux: Signaux,
        dire: Callable[[str], None],
        *,
        attente_initiale: float = ATTENTE_INITIALE,
    ) -> None:
        self._attente_initiale = attente_initiale
        self._registre = donnees / "processus.json"
        self._signaux = signaux
        self._dire = dire
        self._suivis: list[_Suivi] = []
        signaux.forcer = self._forcer

    def demarrer(self, enfant: Enfant) -> None:
        self._suivis.append(_Suivi(enfant))
        enfant.demarrer(self._signaux.pause)
        self._inscrire()

    def surveiller(self, *, jusqua: Callable[[], bool] | None = None, delai: float | None = None) -> bool:
        """Watch until ``jusqua`` holds, ``delai`` is over (False), a stop request or ``Abandon`` (raised)."""
        fin = None if delai is None else time.monotonic() + delai
        while True:
            for suivi in self._suivis:
                self._soigner(suivi)
            if jusqua and jusqua():
                return True
            if fin is not None and time.monotonic() > fin:
                return False
            self._signaux.pause(0.1 if jusqua or self._convalescents() else 1.0)

    def arreter(self) -> list[str]:
        """Stop everything, last started first; the names of those that had to be killed."""
        self._signaux.arret_en_cours = True
        recalcitrants = [
            suivi.enfant.libelle
            for suivi in reversed(self._suivis)
            if not suivi.enfant.arreter(pause=self._signaux.pause)
        ]
        self._suivis.clear()
        with contextlib.suppress(OSError):
            self._registre.unlink(missing_ok=True)
        return recalcitrants

    def _convalescents(self) -> bool:
        return any(s.reprise is not None or s.morts for s in self._suivis)

    def _soigner(self, suivi: _Suivi) -> None:
        enfant = suivi.enfant
        if suivi.reprise is not None:
            if time.monotonic() >= suivi.reprise:
                suivi.reprise = None
                self._relancer(suivi)
        elif enfant.processus is None or enfant.processus.poll() is not None:
            self._constater_la_mort(suivi)
        elif enfant.en_bonne_sante():
            suivi.noter_sante()

    def _relancer(self, suivi: _Suivi) -> None:
        try:
            suivi.enfant.demarrer(self._signaux.pause)
        except RefusDemarrage as refus:
            self._constater_la_mort(suivi, str(refus))
            return
        self._inscrire()

    def _constater_la_mort(self, suivi: _Suivi, motif: str | None = None) -> None:
        enfant = suivi.enfant
        if enfant.processus:
            motif = motif or _cause(enfant.processus.returncode)
            processus.achever_groupe(enfant.processus.pid)
        maintenant = time.monotonic()
        suivi.morts.append(maintenant)
        if len(suivi.morts) == MORTS_MAX and maintenant - suivi.morts[0] <= FENETRE:
            raise Abandon(
                f"{enfant.libelle} s’arrête sans cesse (dernier message : "
                f"{derniere_ligne(enfant.journal)}) : "
                f"voyez {enfant.journal}."
            )
        self._dire(f"{enfant.libelle} s’est arrêté ({motif or 'sans message'}) ; relance dans un instant.")
        suivi.attente = min(suivi.attente * 2, ATTENTE_MAX) or self._attente_initiale
        suivi.reprise = maintenant + suivi.attente

    def _inscrire(self) -> None:
        vivants = [
            {"nom": s.enfant.nom, "pid": p.pid, "naissance": processus.naissance(p.pid)}
            for s in self._suivis
            if (p := s.enfant.processus) and p.poll() is None
        ]
        with contextlib.suppress(OSError):  # a full disk is PostgreSQL’s to report, not ours to die of
            ecrire_atomique(self._registre, json.dumps(vivants) + "\n")

    def _forcer(self) -> None:
        for suivi in reversed(self._suivis):
            suivi.enfant.forcer()


def _cause(code: int) -> str:
    if code >= 0:
        return f"code {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def ecarter_survivants(donnees: Path, pause: Pause, *, delai: float = 8) -> list[str]:
    """End what a killed launcher left: its children, and theirs. PostgreSQL sees to its own."""
    try:
        inscrits = json.loads((donnees / "processus.json").read_text(encoding="utf-8"))
        restes = [(str(i["nom"]), int(i["pid"]), i["naissance"]) for i in inscrits if i["nom"] != "postgres"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    survivants = {
        (pid, naissance): nom
        for nom, chef, ne_a in restes
        for pid, naissance in processus.famille(chef, ne_a, f"TREILLE_DATA={donnees}")
    }
    for numero, patience in ((signal.SIGTERM, delai), (signal.SIGKILL, 2.0)):
        for pid, _ in _vivants(survivants):
            processus.signaler(pid, numero)
        if processus.attendre_fin(lambda: not _vivants(survivants), patience, pause):
            break
    return sorted(set(survivants.values()))


def _vivants(connus: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(pid, naissance) for pid, naissance in connus if processus.naissance(pid) == naissance]
