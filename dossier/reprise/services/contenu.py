"""What a line carries, sealed: cells as typed, values read, what is wrong. And the blind marks that find it again."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from dossier.reprise.models import Ligne
from dossier.reprise.registre import Lue
from plateforme.chiffrement.index import indexer

TRAITS, REFERENCE, COMPLEMENT = "reprise.ligne.traits", "reprise.reference", "reprise.ligne.complement"


def _coder(valeur: Any) -> Any:
    if isinstance(valeur, date):
        return {"jour": valeur.isoformat()}
    if isinstance(valeur, UUID):
        return {"id": str(valeur)}
    raise TypeError(type(valeur).__name__)


def _decoder(objet: dict[str, Any]) -> Any:
    if objet.keys() == {"jour"}:
        return date.fromisoformat(objet["jour"])
    return UUID(objet["id"]) if objet.keys() == {"id"} else objet


def ecrire(brut: list[str], lue: Lue) -> str:
    contenu = {"brut": brut, "valeurs": lue.valeurs, "fautes": lue.fautes, "objet": lue.objet}
    return json.dumps(contenu, ensure_ascii=False, default=_coder)


def lire(ligne: Ligne) -> dict[str, Any]:
    """Empty once the file is erased."""
    if not ligne.contenu:
        return {"brut": [], "valeurs": {}, "fautes": {}, "objet": None}
    lu: dict[str, Any] = json.loads(ligne.contenu, object_hook=_decoder)
    return lu


def relire(ligne: Ligne) -> Lue:
    lu = lire(ligne)
    return Lue(ligne.numero, lu["valeurs"], {}, lu["objet"])


def empreinte(texte: str, usage: str) -> bytes | None:
    """Blind mark of a text, every character counted; None for nothing."""
    return indexer(texte.casefold().encode().hex(), usage) if texte else None


def marque_de(valeur: Any) -> str:
    """Blind mark of what was written in a field, to know later whether somebody changed it."""
    return (empreinte(str(valeur), COMPLEMENT) or b"").hex()
