"""Is the grappe large enough, and to which call does it answer? Never a definitive refusal: the ARS decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tenants.projet.rules import textes
from tenants.projet.rules.textes import Texte

INSECABLE = "\u00a0"


class Issue(StrEnum):
    ELIGIBLE = "eligible"
    MANQUE = "manque"
    A_ARBITRER = "a_arbitrer"


class Appel(StrEnum):
    REGIONAL = "regional"
    NATIONAL = "national"
    AUCUN = "aucun"


@dataclass(frozen=True, slots=True)
class Seuils:
    """Figures in force on the day asked, from dated data."""

    continent: int
    iles: int
    national: int
    source: str


@dataclass(frozen=True, slots=True)
class Membre:
    """An ESMS of the grappe. ``region`` "" when its number says nothing sure; ``iles``: Corsica or overseas."""

    finess: str
    region: str
    iles: bool
    ouvert: bool = True


@dataclass(frozen=True, slots=True)
class Bilan:
    issue: Issue
    appel: Appel
    compte: int
    seuil: int
    manque: int
    regions: tuple[str, ...]
    phrase: str
    textes: tuple[Texte, ...]


def distincts(membres: Sequence[Membre]) -> list[Membre]:
    """One ESMS is one FINESS géographique still open: a number listed twice counts once."""
    return list({m.finess: m for m in membres if m.ouvert}.values())


def evaluer(membres: Sequence[Membre], seuils: Seuils) -> Bilan:
    """Compare the grappe with the thresholds of the day.

    Edge: part of the grappe on the islands, or in a region we do not know, between the two thresholds: the ARS decides.
    """
    lus = distincts(membres)
    n = len(lus)
    regions = tuple(sorted({m.region for m in lus if m.region}))
    inconnues = sum(not m.region for m in lus)
    toutes_iles = bool(lus) and all(m.iles and m.region for m in lus)
    une_partie = not toutes_iles and any(m.iles or not m.region for m in lus)
    seuil = seuils.iles if toutes_iles else seuils.continent
    if n >= seuil:
        return _eligible(n, seuil, regions, inconnues, seuils)
    if une_partie and n >= seuils.iles:
        phrase = (
            f"{_esms(n)}, dont une partie seulement en Corse ou outre-mer{INSECABLE}: le seuil est de {seuils.iles} ou "
            f"de {seuils.continent} selon la lecture de la règle. À arbitrer par l’ARS."
        )
        return Bilan(
            Issue.A_ARBITRER,
            Appel.AUCUN,
            n,
            seuil,
            seuil - n,
            regions,
            phrase,
            (textes.GRAPPE, textes.MIXTE),
        )
    manque = seuil - n
    phrase = (
        f"{_esms(n)} sur {seuil}{INSECABLE}: il en manque {manque}. Rapprochez-vous de l’ARS, du GRADeS, du Collectif SI "
        "de la région ou de l’éditeur pour rejoindre une grappe existante. L’ARS reste juge."
    )
    return Bilan(
        Issue.MANQUE, Appel.AUCUN, n, seuil, manque, regions, phrase, (textes.GRAPPE, textes.RATTACHER)
    )


def _eligible(n: int, seuil: int, regions: tuple[str, ...], inconnues: int, seuils: Seuils) -> Bilan:
    appel, issue = Appel.REGIONAL, Issue.ELIGIBLE
    lus: tuple[Texte, ...] = (textes.GRAPPE, textes.REGIONAL)
    if n >= seuils.national and len(regions) >= 2:
        appel, lus = Appel.NATIONAL, (textes.GRAPPE, textes.NATIONAL)
        phrase = (
            f"{_esms(n)} dans {len(regions)} régions{INSECABLE}: le seuil de {seuils.national} est atteint, "
            "la grappe répond à l’appel à projet national."
        )
    elif n >= seuils.national and inconnues:
        appel, issue, lus = Appel.AUCUN, Issue.A_ARBITRER, (textes.GRAPPE, textes.NATIONAL, textes.INCONNU)
        phrase = (
            f"{_esms(n)}, dont {inconnues} de région inconnue{INSECABLE}: appel national ou régional, "
            "à arbitrer par l’ARS."
        )
    elif len(regions) >= 2:
        phrase = (
            f"{_esms(n)}{INSECABLE}: le seuil de {seuil} est atteint. Moins de {seuils.national} ESMS{INSECABLE}: appel à "
            f"projet régional. La grappe couvre {len(regions)} régions{INSECABLE}: demandez à l’ARS du porteur laquelle "
            "instruit le dossier."
        )
    else:
        phrase = (
            f"{_esms(n)}{INSECABLE}: le seuil de {seuil} est atteint, "
            "la grappe répond à l’appel à projet régional de l’ARS."
        )
    return Bilan(issue, appel, n, seuil, 0, regions, phrase, lus)


def _esms(n: int) -> str:
    return f"{n} ESMS distinct{'s' if n > 1 else ''}"
