"""From steps to a plan: dues, dependencies, what blocks production, what comes next. No framework here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Phase(StrEnum):
    """The three phases of the guide. Source: guide volet numérique de la réforme des SAD, 11/2023, « S’outiller »."""

    CADRAGE = "cadrage"
    CONTRACTUALISATION = "contractualisation"
    DEPLOIEMENT = "deploiement"


class Etat(StrEnum):
    A_FAIRE = "a_faire"
    FAITE = "faite"
    DEROGEE = "derogee"
    SANS_OBJET = "sans_objet"


# A step in one of these states holds nobody back.
PASSEES = frozenset({Etat.FAITE, Etat.DEROGEE, Etat.SANS_OBJET})

VSR = "vsr"


@dataclass(frozen=True, slots=True)
class EtapeVue:
    """A step of one structure, as the rules need it. ``depend_de``: codes of steps of the same structure."""

    code: str
    titre: str
    phase: str
    etat: str
    echeance: date
    ordre: int
    role: str
    bloquante: bool = False
    depend_de: tuple[str, ...] = ()

    @property
    def passee(self) -> bool:
        return self.etat in PASSEES


def echeances(mise_en_production: date, jours_avant: Sequence[int], depuis: date) -> list[date]:
    """Due dates of steps planned so many days before the go-live (negative: after it), none before ``depuis``.

    A plan longer than the time left is shortened in proportion: nobody is late the day they begin.
    """
    disponible, plus_long = (mise_en_production - depuis).days, max(jours_avant, default=0)
    part = min(1.0, disponible / plus_long) if plus_long > 0 else 1.0
    return [mise_en_production - timedelta(days=int(j * part) if j > 0 else j) for j in jours_avant]


def attend(etape: EtapeVue, par_code: Mapping[str, EtapeVue]) -> list[EtapeVue]:
    """Steps that must be passed before this one; a code the structure does not have holds nobody back."""
    return [par_code[code] for code in etape.depend_de if code in par_code and not par_code[code].passee]


def bloquants(etapes: Iterable[EtapeVue]) -> list[EtapeVue]:
    """What stands between the structure and its production, in the order of the plan; the signature itself aside."""
    return sorted(
        (e for e in etapes if e.bloquante and not e.passee and e.code != VSR), key=lambda e: e.ordre
    )


def prochaines(etapes: Sequence[EtapeVue], combien: int = 5) -> list[EtapeVue]:
    """What can be done now, the most urgent first: nothing before it is missing."""
    par_code = {e.code: e for e in etapes}
    ouvertes = [e for e in etapes if not e.passee and not attend(e, par_code)]
    return sorted(ouvertes, key=lambda e: (e.echeance, not e.bloquante, e.ordre))[:combien]


def phase_courante(etapes: Iterable[EtapeVue]) -> str:
    """The first phase with a step left; the last one when nothing is left."""
    restantes = {e.phase for e in etapes if not e.passee}
    return next((p.value for p in Phase if p.value in restantes), Phase.DEPLOIEMENT.value)


def en_retard(etape: EtapeVue, aujourd_hui: date) -> bool:
    """Due yesterday or before; the day itself is still in time."""
    return not etape.passee and etape.echeance < aujourd_hui


def cycle(depend_de: Mapping[str, Sequence[str]]) -> list[str]:
    """Codes of a circle of dependencies, empty when there is none: such a template could never be finished."""
    etat: dict[str, int] = {}

    def visiter(code: str, chemin: list[str]) -> list[str]:
        if etat.get(code) == 2:
            return []
        if etat.get(code) == 1:
            return chemin[chemin.index(code) :]
        etat[code] = 1
        for suivant in depend_de.get(code, ()):
            if trouve := visiter(suivant, [*chemin, suivant]):
                return trouve
        etat[code] = 2
        return []

    for code in depend_de:
        if trouve := visiter(code, [code]):
            return trouve
    return []


SEUILS_AVANT = (14, 7, 1)
SEUILS_APRES = (1, 7, 14)


def seuil_d_etape(echeance_: date, aujourd_hui: date) -> int | None:
    """Which reminder a step deserves today, in days before its due date (negative: after); None for none.

    The last threshold passed is the one told, so that a day without a worker loses no reminder.
    """
    restants = (echeance_ - aujourd_hui).days
    if restants >= 0:
        atteints = [s for s in SEUILS_AVANT if restants <= s]
        return min(atteints) if atteints else None
    passes = [s for s in SEUILS_APRES if -restants >= s]
    return -max(passes) if passes else None


def seuil_de_certificat(expire_le: date, aujourd_hui: date, seuils: Sequence[int]) -> int | None:
    """The tightest of ``seuils`` (days before the end) reached today; 0 once it is over."""
    restants = (expire_le - aujourd_hui).days
    if restants < 0:
        return 0
    atteints = [s for s in seuils if restants <= s]
    return min(atteints) if atteints else None
