"""Assembles *Aujourd’hui* from what the domains registered."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localtime

from plateforme.core.clock import now, today
from plateforme.habilitations.decision import peut
from plateforme.web import registres
from plateforme.web.templatetags.treille import en_lettres, phrase

ANNEES = (2000, 2100)
FAMILLES = {"planning": "Planning", "sante": "Santé", "dossiers": "Dossiers"}


@dataclass(frozen=True, slots=True)
class PanneauPret:
    cle: str
    zone: str
    gabarit: str
    donnees: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Famille:
    cle: str
    libelle: str
    nombre: int
    choisie: bool


def lire_jour(brut: str) -> date:
    """Day asked in the address; today when it is absent, means nothing, or is too far for its neighbours to exist."""
    try:
        jour = date.fromisoformat(brut)
    except ValueError:
        return today()
    return jour if ANNEES[0] <= jour.year <= ANNEES[1] else today()


def panneaux(request: HttpRequest, jour: date, cle: str = "") -> list[PanneauPret]:
    """Panels this person may see; a panel answers None when it has nothing to say."""
    prets = []
    for panneau in registres.panneaux():
        if (cle and panneau.cle != cle) or not peut(request.user, panneau.action):
            continue
        donnees = panneau.contexte(request, jour)
        if donnees is not None:
            prets.append(PanneauPret(panneau.cle, panneau.zone, panneau.gabarit, donnees))
    return prets


def a_traiter(request: HttpRequest, jour: date) -> list[registres.LigneATraiter]:
    """Everything that waits for a decision, by harm first, the oldest first within a same harm."""
    lignes = [
        ligne
        for action, source in registres.sources_a_traiter()
        if peut(request.user, action)
        for ligne in source(request, jour)
    ]
    return sorted(lignes, key=lambda ligne: (ligne.gravite, ligne.depuis))


def contexte_a_traiter(lignes: list[registres.LigneATraiter], famille: str) -> dict[str, Any]:
    famille = famille if famille in FAMILLES else ""
    nombres = Counter[str](ligne.famille for ligne in lignes)
    familles = [Famille("", "Tout", len(lignes), not famille)]
    familles += [
        Famille(cle, mot, nombres[cle], cle == famille) for cle, mot in FAMILLES.items() if nombres[cle]
    ]
    return {
        "lignes": [ligne for ligne in lignes if not famille or ligne.famille == famille],
        "total": len(lignes),
        "familles": familles,
        "famille": famille,
    }


def phrase_du_jour(lignes: list[registres.LigneATraiter], jour: date) -> str:
    """One sentence that says what the day asks for."""
    if jour < today():
        return "Journée passée, à relire."
    urgentes = sum(1 for ligne in lignes if ligne.gravite == 0)
    if jour > today():
        return "Journée à venir, à préparer."
    if not urgentes:
        return "Rien ne demande de décision immédiate."
    moment = _moment(localtime(now()))
    if urgentes == 1:
        return f"Une situation demande une décision {moment}."
    return f"{phrase(en_lettres(urgentes))} situations demandent une décision {moment}."


def _moment(instant: datetime) -> str:
    if instant.hour < 12:
        return "ce matin"
    return "cet après-midi" if instant.hour < 18 else "ce soir"


def voisins(jour: date) -> tuple[date, date]:
    return jour - timedelta(days=1), jour + timedelta(days=1)
