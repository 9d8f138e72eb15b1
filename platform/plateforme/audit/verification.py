"""Is the journal still what was written? Reads it all, recomputes, and names the first line that is not.

The string of each row comes from the database, the hash and the comparison are done here: a doctored row cannot vouch
for itself.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from plateforme.audit.points import signature_valable
from plateforme.audit.sql import CANON_D_UNE_LIGNE
from plateforme.tenancy.courant import exiger_courant

_LOT = 10_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """``lignes`` read; ``anomalie`` is None when the chain holds, else a sentence that names ``numero``."""

    lignes: int
    numero: int | None = None
    anomalie: str | None = None

    @property
    def intacte(self) -> bool:
        return self.anomalie is None


def _prefixe() -> str:
    return "audit" if exiger_courant().est_une_structure else "reseau"


def _lignes(prefixe: str) -> Iterator[tuple[int, str, bytes, bytes, datetime | None]]:
    """(number, hashed string, previous hash, hash, erased at) in order, by a server-side cursor."""
    requete = (
        f"SELECT numero, {CANON_D_UNE_LIGNE}, precedente, empreinte, efface_a"  # noqa: S608 - our own text
        f" FROM {prefixe}_trace ORDER BY numero"
    )
    with connection.chunked_cursor() as curseur:
        curseur.execute(requete)
        while lot := curseur.fetchmany(_LOT):
            for numero, canon, precedente, empreinte, efface_a in lot:
                yield numero, canon, bytes(precedente), bytes(empreinte), efface_a


def verifier() -> Verdict:
    """Read the bound journal from its first line to its head."""
    with transaction.atomic():
        prefixe = _prefixe()
        points = _points(prefixe)
        attendue, dernier, effacements = b"", 0, _effacements(prefixe)
        for numero, canon, precedente, empreinte, efface_a in _lignes(prefixe):
            annonce = effacements.get(efface_a) if efface_a is not None else None
            if annonce is not None:
                annonce.trouver(numero)
            anomalie = _juger(
                numero,
                canon,
                precedente,
                empreinte,
                attendue,
                dernier,
                efface=annonce is not None and numero <= annonce.jusqu_a,
            )
            if anomalie is None and numero in points and points[numero] != empreinte:
                anomalie = f"La trace n° {numero} n’est pas celle que le point de contrôle a scellée."
            if anomalie is not None:
                return Verdict(dernier, numero if numero == dernier + 1 else dernier + 1, anomalie)
            attendue, dernier = empreinte, numero
        for annonce in effacements.values():
            if not annonce.tenue:
                return Verdict(dernier, annonce.numero, annonce.ecart)
        return _conclure(prefixe, dernier, attendue, points)


def _juger(
    numero: int,
    canon: str,
    precedente: bytes,
    empreinte: bytes,
    attendue: bytes,
    dernier: int,
    *,
    efface: bool,
) -> str | None:
    if numero != dernier + 1:
        manque = f"n° {dernier + 1}" if numero == dernier + 2 else f"n° {dernier + 1} à {numero - 1}"
        return f"Il manque la trace {manque}\u00a0: elle a été supprimée."
    if precedente != attendue:
        return f"La trace n° {numero} ne suit pas la précédente\u00a0: une ligne a été changée ou déplacée."
    # The content went with its retention; the link alone is left to check, and the checkpoints.
    if not efface and hashlib.sha256(canon.encode()).digest() != empreinte:
        return f"La trace n° {numero} a été modifiée après son écriture."
    return None


def sceau_des_numeros(numeros: Iterable[int]) -> str:
    """What an erasure says of the lines it empties, in order."""
    sceau = hashlib.sha256()
    for numero in numeros:
        sceau.update(f"{numero},".encode())
    return sceau.hexdigest()


@dataclass
class _Annonce:
    """A trace of erasure, number ``numero``: so many lines, these ones, up to this one; and what was found."""

    numero: int
    jusqu_a: int
    lignes: int
    sceau: str
    trouvees: list[int] = field(default_factory=list)

    def trouver(self, numero: int) -> None:
        self.trouvees.append(numero)

    @property
    def tenue(self) -> bool:
        """Announced then cut before the act: nothing was erased, nothing is missing."""
        return not self.trouvees or sceau_des_numeros(self.trouvees) == self.sceau

    @property
    def ecart(self) -> str:
        return (
            f"L’effacement noté par la trace n° {self.numero} annonçait {self.lignes} trace(s), "
            f"{len(self.trouvees)} ont perdu leur contenu à sa date\u00a0: toutes ne l’ont pas perdu par la règle."
        )


def _effacements(prefixe: str) -> dict[datetime, _Annonce]:
    """Erasures on record, by their instant: a content missing otherwise was not erased by the rule."""
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT numero, details FROM {prefixe}_trace WHERE genre = %s AND efface_a IS NULL",  # noqa: S608
            ["audit.trace.effacee"],
        )
        lues = [(numero, d if isinstance(d, dict) else json.loads(d)) for numero, d in curseur.fetchall()]
    return {
        datetime.fromisoformat(d["efface_a"]): _Annonce(
            numero, int(d["jusqu_a"]), int(d["lignes"]), d["sceau"]
        )
        for numero, d in lues
        if {"efface_a", "jusqu_a", "lignes", "sceau"} <= set(d)
    }


def _points(prefixe: str) -> dict[int, bytes]:
    """Hash sealed by each checkpoint whose signature is ours; another one is not a witness."""
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT numero, empreinte, scelle_a, signature FROM {prefixe}_point")  # noqa: S608
        return {
            numero: bytes(empreinte)
            for numero, empreinte, scelle_a, signature in curseur.fetchall()
            if signature_valable(numero, bytes(empreinte), scelle_a, bytes(signature))
        }


def _conclure(prefixe: str, dernier: int, empreinte: bytes, points: dict[int, bytes]) -> Verdict:
    """The end of the journal: is it where the head and the last checkpoint say?"""
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT numero, empreinte FROM {prefixe}_tete WHERE id = 1")  # noqa: S608
        tete: Any = curseur.fetchone() or (0, b"")
    plus_loin = max([tete[0], *points], default=0)
    if plus_loin > dernier:
        return Verdict(
            dernier,
            dernier + 1,
            f"Le journal s’arrête à la trace n° {dernier}, il allait jusqu’au n° {plus_loin}\u00a0: la fin a été tronquée.",
        )
    if (tete[0], bytes(tete[1])) != (dernier, empreinte):
        return Verdict(dernier, dernier, f"La tête de la chaîne ne correspond pas à la trace n° {dernier}.")
    return Verdict(dernier)
