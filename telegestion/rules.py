"""What a visit is at an instant, what labour law allows, how blocks share a frieze: pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Literal

from plateforme.core.periods import Periode

NBSP = "\u00a0"

# --- state of a visit -------------------------------------------------------------------------------------


class Etat(StrEnum):
    FAITE = "faite"
    EN_COURS = "en_cours"
    EN_RETARD = "en_retard"
    A_POURVOIR = "a_pourvoir"
    A_VENIR = "a_venir"
    MANQUEE = "manquee"
    ANNULEE = "annulee"


LIBELLES = {
    Etat.FAITE: "faite",
    Etat.EN_COURS: "en cours",
    Etat.EN_RETARD: "en retard",
    Etat.A_POURVOIR: "à pourvoir",
    Etat.A_VENIR: "à venir",
    Etat.MANQUEE: "manquée",
    Etat.ANNULEE: "annulée",
}

# Somebody may be alone and waiting: these ask for a decision.
A_DECIDER = frozenset({Etat.EN_RETARD, Etat.A_POURVOIR, Etat.MANQUEE})


@dataclass(frozen=True, slots=True)
class Fait:
    """What is known of a visit. The badges are those of the intervenant it is planned with, nobody else's."""

    debut: datetime
    fin: datetime
    annulee: bool = False
    pourvue: bool = True
    arrivee: datetime | None = None
    depart: datetime | None = None


def etat_de(fait: Fait, maintenant: datetime, tolerance: timedelta) -> Etat:
    """State at ``maintenant``; late from ``debut + tolerance`` on without a badge, missed from ``fin`` on.

    Edge: a departure alone proves that somebody was there, so the visit is done.
    """
    if fait.annulee:
        return Etat.ANNULEE
    if fait.depart is not None:
        return Etat.FAITE
    if fait.arrivee is not None:
        return Etat.EN_COURS
    if fait.fin <= maintenant:
        return Etat.MANQUEE
    if not fait.pourvue:
        return Etat.A_POURVOIR
    return Etat.EN_RETARD if maintenant >= fait.debut + tolerance else Etat.A_VENIR


def retard(debut: datetime, maintenant: datetime) -> int:
    """Whole minutes since the planned start, 0 before it."""
    return max(0, int((maintenant - debut).total_seconds() // 60))


# --- sentences --------------------------------------------------------------------------------------------

_EN_LETTRES = ("Aucune", "Une", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf")


def phrase_du_jour(decisions: int, heure: int) -> str:
    """« Deux visites demandent une décision ce matin. » Aujourd’hui counts situations: several visits may be one."""
    if decisions == 0:
        return "Rien ne demande de décision."
    moment = "ce matin" if heure < 12 else "cet après-midi" if heure < 18 else "ce soir"
    nombre = _EN_LETTRES[decisions] if decisions < len(_EN_LETTRES) else str(decisions)
    mots = "visite demande" if decisions == 1 else "visites demandent"
    return f"{nombre} {mots} une décision {moment}."


def heure_dite(instant: datetime) -> str:
    """« 8 h 25 », « 8 h » of an instant already in its zone."""
    return f"{instant.hour}{NBSP}h" + (f"{NBSP}{instant.minute:02d}" if instant.minute else "")


def duree_dite(minutes: int) -> str:
    """« 45 min », « 1 h 15 »."""
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{reste}{NBSP}min"
    return f"{heures}{NBSP}h" + (f"{NBSP}{reste:02d}" if reste else "")


# --- labour law and overlaps ------------------------------------------------------------------------------

Niveau = Literal["legal", "avertissement"]


@dataclass(frozen=True, slots=True)
class Creneau:
    """A visit as the checks see it; ``libelle`` names it in their sentences: « la visite de Mme Le Goff »."""

    libelle: str
    periode: Periode


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule that is broken, with the values that break it. ``legal`` blocks, ``avertissement`` informs."""

    code: str
    niveau: Niveau
    phrase: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ReglesTravail:
    """Numbers of the rules; the mechanism is below.

    Source: Code du travail art. L3131-1, repos quotidien de onze heures consécutives (read 2026-11-22); the
    amplitude of 13 h is what is left of 24 h.
    Source: à confirmer — the agreement BAD (IDCC 2941) may say 12 h.
    """

    repos_minutes: int = 11 * 60
    amplitude_minutes: int = 13 * 60


REPOS = "Code du travail, art. L3131-1"


def chevauchement(candidat: Creneau, autres: Iterable[Creneau]) -> Creneau | None:
    """The first other visit the candidate runs into, by start."""
    heurtes = [autre for autre in autres if candidat.periode.chevauche(autre.periode)]
    return min(heurtes, key=lambda c: c.periode.debut, default=None)


def verifier(
    candidat: Creneau, autres: Sequence[Creneau], zone: tzinfo, regles: ReglesTravail | None = None
) -> tuple[Verdict, ...]:
    """Every rule the candidate breaks, given the other visits of the same intervenant around it.

    Edge: only what the candidate itself causes: it must be the first or the last visit of its day.
    """
    regles = regles or ReglesTravail()
    heurte = chevauchement(candidat, autres)
    if heurte is not None:
        return (_deux_a_la_fois(candidat, heurte, zone),)
    jour = _jour(candidat, zone)
    du_jour = [c for c in autres if _jour(c, zone) == jour] + [candidat]
    premier = min(du_jour, key=lambda c: c.periode.debut)
    dernier = max(du_jour, key=lambda c: c.periode.fin)
    veille = max((c for c in autres if _jour(c, zone) == jour - timedelta(days=1)), key=_fin, default=None)
    demain = min((c for c in autres if _jour(c, zone) == jour + timedelta(days=1)), key=_debut, default=None)
    verdicts = []
    if premier is candidat and veille is not None:
        verdicts.append(_repos(veille, candidat, zone, regles))
    if dernier is candidat and demain is not None:
        verdicts.append(_repos(candidat, demain, zone, regles))
    if candidat in (premier, dernier):
        verdicts.append(_amplitude(premier, dernier, zone, regles))
    return tuple(verdict for verdict in verdicts if verdict is not None)


def _debut(creneau: Creneau) -> datetime:
    return creneau.periode.debut


def _fin(creneau: Creneau) -> datetime:
    return creneau.periode.fin


def _jour(creneau: Creneau, zone: tzinfo) -> date:
    """A visit that runs past midnight belongs to the day it starts."""
    return creneau.periode.debut.astimezone(zone).date()


def _deux_a_la_fois(candidat: Creneau, heurte: Creneau, zone: tzinfo) -> Verdict:
    phrase = (
        f"Deux visites en même temps{NBSP}: {heurte.libelle}, {_dite(heurte, zone)}, "
        f"et {candidat.libelle}, {_dite(candidat, zone)}."
    )
    return Verdict("telegestion.visites.simultanees", "legal", phrase)


def _dite(creneau: Creneau, zone: tzinfo) -> str:
    debut, fin = creneau.periode.debut.astimezone(zone), creneau.periode.fin.astimezone(zone)
    return f"de {heure_dite(debut)} à {heure_dite(fin)}"


def _repos(avant: Creneau, apres: Creneau, zone: tzinfo, regles: ReglesTravail) -> Verdict | None:
    minutes = Periode(avant.periode.fin, apres.periode.debut).minutes
    if minutes >= regles.repos_minutes:
        return None
    fin, debut = avant.periode.fin.astimezone(zone), apres.periode.debut.astimezone(zone)
    phrase = (
        f"Repos quotidien de {duree_dite(regles.repos_minutes)} non respecté{NBSP}: "
        f"{duree_dite(minutes)} entre la fin le {fin:%d/%m} à {heure_dite(fin)} "
        f"et la reprise le {debut:%d/%m} à {heure_dite(debut)}."
    )
    return Verdict("telegestion.repos.insuffisant", "legal", phrase, REPOS)


def _amplitude(premier: Creneau, dernier: Creneau, zone: tzinfo, regles: ReglesTravail) -> Verdict | None:
    minutes = Periode(premier.periode.debut, dernier.periode.fin).minutes
    if minutes <= regles.amplitude_minutes:
        return None
    debut, fin = premier.periode.debut.astimezone(zone), dernier.periode.fin.astimezone(zone)
    phrase = (
        f"Amplitude de {duree_dite(minutes)}, de {heure_dite(debut)} à {heure_dite(fin)}{NBSP}: "
        f"{duree_dite(regles.amplitude_minutes)} au plus dans une journée."
    )
    return Verdict("telegestion.amplitude.depassee", "legal", phrase, REPOS)


# --- frieze -----------------------------------------------------------------------------------------------

FRISE_DEBUT = 7 * 60
FRISE_COLONNES = 168
PAS = 5


def colonnes(debut: int, fin: int) -> tuple[int, int]:
    """First column (1 to 168) and width of minutes [debut, fin) since midnight, cut to 07:00–21:00.

    Edge: at least one column wide, so that nothing planned is ever invisible.
    """
    gauche = min(FRISE_COLONNES - 1, _borne(debut))
    return gauche + 1, max(1, _borne(fin) - gauche)


def _borne(minutes: int) -> int:
    return max(0, min(FRISE_COLONNES, (minutes - FRISE_DEBUT + PAS // 2) // PAS))


def couloirs(periodes: Sequence[Periode]) -> list[int]:
    """Lane of each period, from 1: the first one free at its start, periods taken by start then length."""
    fins: list[datetime] = []
    rangs = [0] * len(periodes)
    for i in sorted(range(len(periodes)), key=lambda i: (periodes[i].debut, periodes[i].fin)):
        periode = periodes[i]
        libre = next((n for n, fin in enumerate(fins) if fin <= periode.debut), len(fins))
        if libre == len(fins):
            fins.append(periode.fin)
        else:
            fins[libre] = periode.fin
        rangs[i] = libre + 1
    return rangs
