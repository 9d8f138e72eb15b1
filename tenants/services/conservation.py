"""End of retention: traces past their term lose their content. Their number, instant, kind and hashes stay.

Only the owner of the schemas can: the structure itself may insert and read. A checkpoint is sealed first; the erasure
is noted before it happens, with the count and the seal of the numbers, so that the verifier tells it from any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql

from plateforme.audit.journal import acte, noter
from plateforme.audit.points import sceller
from plateforme.audit.registre import genres
from plateforme.audit.verification import sceau_des_numeros
from plateforme.core.clock import now, today
from plateforme.reference.models import Parametre
from plateforme.tenancy.courant import exiger_courant
from tenants.services.ddl import connexion_ddl

CATEGORIES = ("acces", "securite", "technique")
_PARAMETRE = "audit.conservation."
# What stays empty afterwards: who, about whom, what.
_VIDER = sql.SQL(
    "UPDATE {table} SET efface_a = %s, acteur_id = NULL, role = '', requete = '', origine = 'effacée',"
    " mode = 'normal', sujets = '{{}}', details = '{{}}' WHERE numero = ANY(%s) AND efface_a IS NULL"
)

_CES_GENRES = sql.SQL(
    "SELECT numero FROM {table} WHERE efface_a IS NULL AND instant < %s AND genre = ANY(%s) ORDER BY numero"
)
_AUTRES_GENRES = sql.SQL(
    "SELECT numero FROM {table} WHERE efface_a IS NULL AND instant < %s AND genre <> ALL(%s) ORDER BY numero"
)


@dataclass(frozen=True, slots=True)
class Effacement:
    """What a run finds past its term, by category."""

    mois: dict[str, int]
    numeros: dict[str, list[int]]

    @property
    def tous(self) -> list[int]:
        return sorted(numero for liste in self.numeros.values() for numero in liste)


def il_y_a(mois: int, depuis: datetime) -> datetime:
    """The same day, so many months before; the last of the month where there is no such day."""
    rang = depuis.year * 12 + depuis.month - 1 - mois
    for jour in range(depuis.day, 27, -1):
        try:
            return depuis.replace(year=rang // 12, month=rang % 12 + 1, day=jour)
        except ValueError:
            continue
    return depuis.replace(year=rang // 12, month=rang % 12 + 1)


def _codes(categorie: str) -> list[str]:
    return [genre.code for genre in genres() if genre.conserve == categorie]


def _table() -> sql.Identifier:
    contexte = exiger_courant()
    nom = "audit_trace" if contexte.est_une_structure else "reseau_trace"
    return sql.Identifier(contexte.schema, nom)


def chercher(instant: datetime | None = None) -> Effacement:
    """Lines of the bound journal past their term. Raises Parametre.DoesNotExist where no term is in force."""
    depuis = instant or now()
    mois = {c: int(Parametre.objects.valeur(f"{_PARAMETRE}{c}", today())) for c in CATEGORIES}
    ailleurs = [code for c in (*CATEGORIES[1:], "preuve") for code in _codes(c)]
    numeros: dict[str, list[int]] = {}
    with connexion_ddl() as connexion:
        for categorie in CATEGORIES:
            # An action, or a kind that no longer exists, is an access: the longest term.
            ordre = _AUTRES_GENRES if categorie == "acces" else _CES_GENRES
            codes = ailleurs if categorie == "acces" else _codes(categorie)
            numeros[categorie] = [
                n
                for (n,) in connexion.execute(
                    ordre.format(table=_table()), [il_y_a(mois[categorie], depuis), codes]
                )
            ]
    return Effacement(mois, numeros)


def effacer(trouve: Effacement) -> int:
    """Seal, note, then empty: cut at any point, the next run finishes. Returns how many lines."""
    numeros = trouve.tous
    if not numeros:
        return 0
    sceller()
    quand = now()
    with acte("commande:effacer_traces"):
        noter("audit.trace.effacee", **_annonce(numeros, quand, trouve))
    with connexion_ddl(autocommit=False) as connexion:
        faites = connexion.execute(_VIDER.format(table=_table()), [quand, numeros]).rowcount
        if faites != len(numeros):
            # Somebody erased meanwhile: theirs is announced, ours would not be what it says.
            connexion.rollback()
            return 0
        connexion.commit()
    return faites


def _annonce(numeros: list[int], quand: datetime, trouve: Effacement) -> dict[str, Any]:
    return {
        "efface_a": quand.isoformat(),
        "jusqu_a": numeros[-1],
        "lignes": len(numeros),
        "sceau": sceau_des_numeros(numeros),
        **{categorie: len(liste) for categorie, liste in trouve.numeros.items()},
    }


def phrases(trouve: Effacement) -> Iterator[str]:
    for categorie in CATEGORIES:
        yield f"{categorie} (plus de {trouve.mois[categorie]} mois) : {len(trouve.numeros[categorie])} trace(s)"
