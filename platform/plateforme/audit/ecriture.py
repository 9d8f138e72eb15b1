"""Writes the notes that wait on a connection: one statement per structure and act, called just before COMMIT."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.db import connection

from plateforme.audit.journal import Note
from plateforme.tenancy.courant import Contexte, lier

_SQL = "SELECT ext.treille_tracer(%s, %s)"
_SQL_RESEAU = "SELECT public.treille_tracer_reseau(%s, %s)"


def ecrire(notes: Sequence[Note]) -> None:
    """Append these traces to their journals, in the order they were noted."""
    for (contexte, tete), lot in groupby(_fondre(notes), key=lambda note: (note.contexte, _tete(note))):
        _ecrire_un_lot(contexte, dict(tete), list(lot))


def _fondre(notes: Sequence[Note]) -> list[Note]:
    """One trace for the several rows that one act wrote: usagers united, counts added, the strongest nature kept."""
    fondues: list[Note] = []
    for note in notes:
        if fondues and fondues[-1].cle == note.cle:
            avant = fondues[-1]
            fondues[-1] = replace(
                avant,
                nature=max(avant.nature, note.nature, key="RUCDE".index),
                sujets=tuple(dict.fromkeys((*avant.sujets, *note.sujets))),
                details=_reunir(avant.details, note.details),
            )
        else:
            fondues.append(note)
    return fondues


def _reunir(avant: dict[str, Any], apres: dict[str, Any]) -> dict[str, Any]:
    reunis = dict(avant)
    for cle, valeur in apres.items():
        # A model's label counts its rows; any other detail is a fact, the last said stands.
        reunis[cle] = reunis.get(cle, 0) + valeur if "." in cle else valeur
    return reunis


def _tete(note: Note) -> tuple[tuple[str, str], ...]:
    return (
        ("acteur", str(note.acteur_id) if note.acteur_id else ""),
        ("role", note.acte.role),
        ("origine", note.acte.origine),
        ("mode", "normal"),  # each event says its own
        ("requete", note.requete),
    )


def _ecrire_un_lot(contexte: Contexte, tete: dict[str, str], notes: list[Note]) -> None:
    evenements: list[dict[str, Any]] = [
        {
            "genre": note.genre,
            "nature": note.nature,
            "mode": note.acte.mode,
            "sujets": [str(sujet) for sujet in note.sujets],
            "details": note.details,
        }
        for note in notes
    ]
    # The structure of the note, role included: the transaction may have gone through several.
    with lier(contexte), connection.cursor() as curseur:
        curseur.execute(
            _SQL if contexte.est_une_structure else _SQL_RESEAU,
            [json.dumps(tete), json.dumps(evenements, ensure_ascii=False)],
        )
