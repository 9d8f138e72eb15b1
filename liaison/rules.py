"""Who may read a note, how much harm it tells of, how it is quoted. Pure functions."""

from typing import Literal

SOINS = frozenset({"idec", "infirmier", "aide_soignant"})
EXTRAIT = 140


def lit_les_soins(role: str) -> bool:
    """A function of care, never a rank: neither the direction nor the responsable reads them."""
    return role in SOINS


def peut_lire(audience: str, *, role: str, est_auteur: bool = False) -> bool:
    """For somebody of the service who is on the case; the case itself is the dossier's question.

    Edge: an audience nobody knows is read by its author alone.
    """
    if est_auteur:
        return True
    if audience == "soins":
        return lit_les_soins(role)
    return audience in ("equipe", "famille")


def gravite(observation: str) -> Literal[0, 1, 2]:
    """0 asks for a decision now, 1 is to be read today, 2 is ordinary."""
    if observation == "prevenir":
        return 0
    return 1 if observation == "surveiller" else 2


def extrait(texte: str, longueur: int = EXTRAIT) -> str:
    """The first words, cut between two of them."""
    texte = " ".join(texte.split())
    if len(texte) <= longueur:
        return texte
    debut = texte[: longueur + 1].rsplit(" ", 1)[0][:longueur]
    return debut.rstrip(" ,;:.") + "…"


def puces_propres(brut: object) -> list[str]:
    """Chips as a phone sends them: short texts, twelve at most; what is not one is left out."""
    if not isinstance(brut, list):
        return []
    textes = [" ".join(mot.split())[:80] for mot in brut if isinstance(mot, str)]
    return [texte for texte in dict.fromkeys(textes) if texte][:12]
