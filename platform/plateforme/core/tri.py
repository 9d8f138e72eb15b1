"""French order without a French collation: a stored key, accents and case folded."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_SEPARATEURS = re.compile(r"[^0-9a-z]+")


def cle_de_tri(*mots: str) -> str:
    """Key for ordering and searching: « Le Goff », « LE GOFF » and « le-goff » are one and the same."""
    texte = unicodedata.normalize("NFD", " ".join(mots).casefold().translate(_LIGATURES))
    return _SEPARATEURS.sub(" ", "".join(c for c in texte if not unicodedata.combining(c))).strip()
