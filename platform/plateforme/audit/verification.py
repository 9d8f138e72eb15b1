"""Is the journal still what was written? Reads it all, recomputes, and names the first line that is not.

The string of each row comes from the database, the hash and the comparison are done here: a doctored row cannot vouch
for itself.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
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


def _lignes(prefixe: str) -> Iterator[tuple[int, str, bytes, bytes, bool]]:
    """(number, hashed string, previous hash, hash, erased) in order, by a server-side cursor."""
    requete = (
        f"SELECT numero, {CANON_D_UNE_LIGNE}, precedente, empreinte, efface_a IS NOT NULL"  # noqa: S608 - our own text
        f" FROM {prefixe}_trace ORDER BY numero"
    )
    with connection.chunked_cursor() as curseur:
        curseur.execute(requete)
        while lot := curseur.fetchmany(_LOT):
            for numero, canon, precedente, empreinte, efface in lot:
                yield numero, canon, bytes(precedente), bytes(empreinte), efface


def verifier() -> Verdict:
    """Read the bound journal from its first line to its head."""
    with transaction.atomic():
        prefixe = _prefixe()
        points = _points(prefixe)
        attendue, dernier, effaces = b"", 0, _efface_jusqu_a(prefixe)
        for numero, canon, precedente, empreinte, efface in _lignes(prefixe):
            anomalie = _juger(
                numero, canon, precedente, empreinte, attendue, dernier, efface=efface and numero <= effaces
            )
            if anomalie is None and numero in points and points[numero] != empreinte:
                anomalie = f"La trace n° {numero} n’est pas celle que le point de contrôle a scellée."
            if anomalie is not None:
                return Verdict(dernier, numero if numero == dernier + 1 else dernier + 1, anomalie)
            attendue, dernier = empreinte, numero
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


def _efface_jusqu_a(prefixe: str) -> int:
    """Last number that a trace of erasure announces: a content missing beyond it was not erased by the rule."""
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT coalesce(max((details->>'jusqu_a')::bigint), 0) FROM {prefixe}_trace WHERE genre = %s",  # noqa: S608
            ["audit.trace.effacee"],
        )
        return int(curseur.fetchone()[0])


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
