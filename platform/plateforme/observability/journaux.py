"""JSON log lines: instant, level, event, structure, correlation, actor. Only listed keys leave; no payload, no name."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from plateforme.observability.contexte import trace
from plateforme.tenancy.courant import courant

# A key that is not here is dropped: a new one is a decision, with its reason.
CLES_PERMISES = frozenset(
    {
        "event", "level", "logger", "timestamp", "structure", "correlation", "acteur", "exception",
        "methode", "route", "statut", "duree_ms", "tache", "genre", "message_id", "essais", "code",
        "etape", "rang", "emplacement", "compte_lignes", "processus",
    }
)  # fmt: skip


def _situer(_logger: Any, _methode: str, ligne: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    contexte = courant()
    ligne["structure"] = str(contexte.structure_id) if contexte and contexte.structure_id else "-"
    ligne["correlation"] = trace().correlation or "-"
    record = ligne.get("_record")
    connu = getattr(record, "acteur", None) or trace().acteur_id
    ligne["acteur"] = str(connu) if connu else "-"
    return ligne


def _ne_garder_que_le_permis(
    _logger: Any, _methode: str, ligne: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {cle: valeur for cle, valeur in ligne.items() if cle in CLES_PERMISES or cle.startswith("_")}


def _ajouter_extra(_logger: Any, _methode: str, ligne: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record = ligne.get("_record")
    if isinstance(record, logging.LogRecord):
        for cle in CLES_PERMISES & record.__dict__.keys():
            ligne.setdefault(cle, record.__dict__[cle])
    return ligne


def formateur() -> logging.Formatter:
    """Formatter of every log handler (``LOGGING``)."""
    communs: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _situer,
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=communs,
        processors=[
            _ajouter_extra,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _ne_garder_que_le_permis,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
