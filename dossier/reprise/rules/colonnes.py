"""Which column says what: headings compared with the words each field is known by. Pure functions."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from plateforme.core.tri import cle_de_tri

SEUIL = 0.8
# Two headings known make a line of headings; one may be chance.
RECONNUS_MIN = 2


def normaliser(titre: str) -> str:
    return cle_de_tri(titre.replace("°", " ").replace("_", " "))


def ressemblance(titre: str, nom: str) -> float:
    """1 for the same words, whatever the accents, capitals and order; less for what is close."""
    if not titre or not nom:
        return 0.0
    if titre == nom or sorted(titre.split()) == sorted(nom.split()):
        return 1.0
    mots, voulus = set(titre.split()), set(nom.split())
    inclus = 0.9 if len(voulus) > 1 and voulus <= mots else 0.0
    return max(inclus, SequenceMatcher(None, titre, nom).ratio() if len(nom) > 3 else 0.0)


def proposer(titres: Sequence[str], noms: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Field → rank of its column, best likeness first; a column serves one field, a field has one column."""
    normalises = [normaliser(titre) for titre in titres]
    scores = [
        (
            max((ressemblance(titre, normaliser(nom)) for nom in siens), default=0.0),
            -rang,
            -ordre,
            champ,
            rang,
        )
        for rang, titre in enumerate(normalises)
        if titre
        for ordre, (champ, siens) in enumerate(noms.items())
    ]
    choisis: dict[str, int] = {}
    for score, _rang, _ordre, champ, rang in sorted(scores, reverse=True):
        if score >= SEUIL and champ not in choisis and rang not in choisis.values():
            choisis[champ] = rang
    return choisis


def ligne_de_titres(lignes: Sequence[Sequence[str]], noms: Mapping[str, Sequence[str]]) -> int | None:
    """Rank of the line whose cells look the most like headings; None when no line has two of them."""
    comptes = [len(proposer(ligne, noms)) for ligne in lignes]
    meilleur = max(comptes, default=0)
    return comptes.index(meilleur) if meilleur >= RECONNUS_MIN else None


def lettre(rang: int) -> str:
    """0 → A, 26 → AA: as the spreadsheet names its columns."""
    nom = ""
    rang += 1
    while rang:
        rang, reste = divmod(rang - 1, 26)
        nom = chr(65 + reste) + nom
    return nom
