"""JSON log lines: instant, level, event, structure, correlation, actor. Only listed keys leave; no payload, no name.

A message of a library is kept as its template, without what would fill it in; an exception as its types and places,
without its sentence. Both may quote a person.
"""

import logging
import traceback
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import structlog

from plateforme.observability.contexte import trace
from plateforme.tenancy.courant import courant

# A key that is not here is dropped: a new one is a decision, with its reason.
CLES_PERMISES = frozenset(
    {
        "event", "level", "logger", "timestamp", "structure", "correlation", "acteur", "exception", "cadres",
        "methode", "route", "statut", "duree_ms", "tache", "genre", "message_id", "essais", "code",
        "etape", "rang", "emplacement", "compte_lignes", "processus",
    }
)  # fmt: skip
_CADRES_MAX = 12

Ligne = MutableMapping[str, Any]


def _ajouter_extra(_logger: Any, _methode: str, ligne: Ligne) -> Ligne:
    record = ligne.get("_record")
    if isinstance(record, logging.LogRecord):
        if not isinstance(record.msg, str | dict):
            ligne["event"] = type(record.msg).__name__  # an exception logged as its own message
        for cle in CLES_PERMISES & record.__dict__.keys():
            ligne.setdefault(cle, record.__dict__[cle])
        # Celery names its task among other things that we do not want.
        donnees = record.__dict__.get("data")
        if isinstance(donnees, dict) and isinstance(donnees.get("name"), str):
            ligne.setdefault("tache", donnees["name"])
    return ligne


def _situer(_logger: Any, _methode: str, ligne: Ligne) -> Ligne:
    contexte = courant()
    ici = str(contexte.structure_id) if contexte and contexte.structure_id else "-"
    ligne["structure"] = ligne.get("structure") or ici
    ligne["correlation"] = trace().correlation or "-"
    ligne["acteur"] = str(ligne.get("acteur") or trace().acteur_id or "-")
    return ligne


def _chaine(erreur: BaseException | None) -> Iterator[BaseException]:
    """The error, then what caused it."""
    vues: set[int] = set()
    while erreur is not None and id(erreur) not in vues:
        vues.add(id(erreur))
        yield erreur
        erreur = erreur.__cause__ or (None if erreur.__suppress_context__ else erreur.__context__)


def _decrire_l_exception(_logger: Any, _methode: str, ligne: Ligne) -> Ligne:
    infos = ligne.pop("exc_info", None)
    erreur = infos[1] if isinstance(infos, tuple) else infos
    if isinstance(erreur, BaseException):
        chaine = list(_chaine(erreur))
        ligne["exception"] = " < ".join(type(e).__name__ for e in chaine)
        ligne["cadres"] = [
            f"{Path(cadre.filename).name}:{cadre.lineno} {cadre.name}"
            for cadre in traceback.extract_tb(chaine[0].__traceback__)[-_CADRES_MAX:]
        ]
    return ligne


def _ne_garder_que_le_permis(_logger: Any, _methode: str, ligne: Ligne) -> Ligne:
    return {cle: valeur for cle, valeur in ligne.items() if cle in CLES_PERMISES}


def formateur() -> logging.Formatter:
    """Formatter of every log handler (``LOGGING``)."""
    return structlog.stdlib.ProcessorFormatter(
        use_get_message=False,
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            _ajouter_extra,
            _situer,
            _decrire_l_exception,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _ne_garder_que_le_permis,
            structlog.processors.JSONRenderer(
                ensure_ascii=False, default=lambda valeur: type(valeur).__name__
            ),
        ],
    )
