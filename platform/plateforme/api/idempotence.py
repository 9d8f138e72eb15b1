"""Writing operations that may be sent twice: the same ``Idempotency-Key`` gives the same answer and one effect."""

import hashlib
import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from ninja.decorators import decorate_view

from plateforme.api.problemes import probleme
from plateforme.outbox.models import CleIdempotence

Operation = TypeVar("Operation", bound=Callable[..., Any])
EN_TETE = "Idempotency-Key"
_CLE = re.compile(r"[\x21-\x7e]{8,200}")


def idempotente(operation: Operation) -> Operation:
    """``@router.post(...)`` then ``@idempotente``: the key, if there is one, is honoured.

    Effect and stored answer live in one transaction. Only a success is kept: a refusal did nothing, it may be asked
    again. So the operation must not call the outside world (that is the outbox's work).
    """
    return decorate_view(_garder)(operation)


def empreinte(request: HttpRequest) -> str:
    """SHA-256 of what is asked: method, address, body."""
    demande = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(demande).hexdigest()


def _garder(executer: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    operation: Any = executer.__self__  # type: ignore[attr-defined]  # ninja's own, under our wrapper

    def envelopper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        cle = request.headers.get(EN_TETE)
        if cle is None or not request.user.is_authenticated:
            return executer(request, *args, **kwargs)
        if not _CLE.fullmatch(cle):
            return probleme(
                400,
                "plateforme.idempotence.cle_illisible",
                "La clé d’idempotence compte 8 à 200 caractères ASCII visibles, un UUID par exemple.",
            )
        with transaction.atomic():
            # The unique row is the lock: the same key sent at once waits here for the end of the first.
            ligne = CleIdempotence(compte_id=request.user.pk, cle=cle, empreinte=empreinte(request))
            CleIdempotence.objects.bulk_create([ligne], ignore_conflicts=True)
            connue = CleIdempotence.objects.get(compte_id=request.user.pk, cle=cle)
            if connue.pk != ligne.pk:
                # A stored answer asks for the same session, token and right as the operation itself.
                refus: HttpResponse | None = operation._run_checks(request)
                return refus or _rejouer(connue, ligne.empreinte)
            reponse = executer(request, *args, **kwargs)
            _retenir(connue, reponse)
        return reponse

    return envelopper


def _rejouer(connue: CleIdempotence, demandee: str) -> HttpResponse:
    if connue.empreinte != demandee:
        return probleme(
            409,
            "plateforme.idempotence.cle_reutilisee",
            "Cette clé d’idempotence a déjà servi à une autre demande. Prenez-en une nouvelle.",
        )
    reponse = HttpResponse(connue.corps, status=connue.statut, content_type=connue.type_contenu)
    reponse["Idempotency-Replayed"] = "true"
    return reponse


def _retenir(connue: CleIdempotence, reponse: HttpResponse) -> None:
    if connection.needs_rollback or reponse.status_code >= 500:
        transaction.set_rollback(True)
        return
    if reponse.status_code >= 400:
        connue.delete()
        return
    connue.statut = reponse.status_code
    connue.type_contenu = reponse.headers.get("Content-Type", "")
    connue.corps = reponse.content.decode()
    connue.save(update_fields=["statut", "type_contenu", "corps"])
