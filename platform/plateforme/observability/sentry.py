"""Error reports that carry no person: what is not on the list does not leave."""

from typing import Any

from plateforme.observability.contexte import trace
from plateforme.tenancy.courant import courant

_PERMIS = ("event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "logger")
_CADRE = ("filename", "function", "module", "lineno", "abs_path", "in_app")


def _cadres(valeur: dict[str, Any]) -> list[dict[str, Any]]:
    cadres = (valeur.get("stacktrace") or {}).get("frames") or []
    return [{cle: cadre[cle] for cle in _CADRE if cle in cadre} for cadre in cadres]


def nettoyer(evenement: Any, _indice: Any) -> Any:
    """``before_send``: types and places of errors, the opaque structure and correlation; no message, no variable."""
    propre = {cle: evenement[cle] for cle in _PERMIS if cle in evenement}
    # A route is ours; the path of a request that no route matched may hold a name.
    if (evenement.get("transaction_info") or {}).get("source") == "route":
        propre["transaction"] = evenement.get("transaction")
    erreurs = (evenement.get("exception") or {}).get("values") or []
    if erreurs:
        propre["exception"] = {
            "values": [
                {
                    "type": erreur.get("type"),
                    "module": erreur.get("module"),
                    "stacktrace": {"frames": _cadres(erreur)},
                }
                for erreur in erreurs
            ]
        }
    contexte = courant()
    propre["tags"] = {
        "structure": str(contexte.structure_id) if contexte and contexte.structure_id else "-",
        "correlation": trace().correlation or "-",
    }
    return propre


def demarrer(dsn: str, *, transport: Any = None) -> None:
    """Start the collector when a DSN is given. It is ours or HDS-hosted, never the public service."""
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        transport=transport,
        max_request_body_size="never",
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        before_send=nettoyer,
        before_send_transaction=lambda _evenement, _indice: None,
        traces_sample_rate=0.0,
    )
