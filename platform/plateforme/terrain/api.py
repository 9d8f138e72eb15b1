"""The two calls of a phone: who am I, and here is what I kept."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema

from plateforme.api.problemes import Probleme
from plateforme.api.racine import porte
from plateforme.core.clock import now
from plateforme.core.errors import Conflit, ErreurMetier
from plateforme.terrain.services import LOT_MAX, recevoir

router = Router(tags=["Terrain"])

CORPS_MAX = 1024 * 1024


class SessionVue(Schema):
    """``csrf`` is the X-CSRFToken of the next call; ``maintenant`` is the server's clock, in ms."""

    compte: UUID
    nom: str
    role: str
    csrf: str
    maintenant: int


class VerdictVu(Schema):
    """``verdict``: accepte, accepte_avec_anomalie, doublon, doublon_different or refuse."""

    id: str
    verdict: str
    code: str
    phrase: str


class Resultats(Schema):
    resultats: list[VerdictVu]


class EnvoiTropGros(ErreurMetier):
    code = "terrain.envoi.trop_gros"
    statut = 413
    message = "Cet envoi dépasse 1\u00a0Mo. Envoyez ce que le téléphone a gardé en plusieurs fois."


class TropDEvenements(ErreurMetier):
    code = "terrain.envoi.trop_long"
    statut = 413
    message = f"Un envoi compte au plus {LOT_MAX} évènements. Envoyez le reste ensuite."


class EnvoiIllisible(ErreurMetier):
    code = "terrain.envoi.illisible"
    statut = 400
    message = "Le corps de la demande n’est pas du JSON de la forme attendue\u00a0: {envoye_a, evenements}."


class AutreCompte(Conflit):
    code = "terrain.envoi.autre_compte"
    message = "Ces envois appartiennent à un autre compte. Ils attendent sa prochaine connexion."


_EVENEMENT: dict[str, Any] = {
    "type": "object",
    "required": ["id", "genre", "appareil_a", "donnees"],
    "properties": {
        "id": {
            "type": "string",
            "format": "uuid",
            "description": "donné par le téléphone\u00a0: la clé d’idempotence",
        },
        "genre": {"type": "string", "examples": ["badge.debut", "badge.fin", "geste.fait", "transmission"]},
        "appareil_a": {"description": "heure de l’appareil, ISO 8601 avec fuseau ou millisecondes"},
        "donnees": {"type": "object"},
    },
}
_CORPS: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["evenements"],
                "properties": {
                    "envoye_a": {
                        "description": "heure de l’appareil à l’envoi\u00a0: elle corrige son horloge"
                    },
                    "compte": {
                        "type": "string",
                        "format": "uuid",
                        "description": "à qui sont ces évènements",
                    },
                    "evenements": {"type": "array", "maxItems": LOT_MAX, "items": _EVENEMENT},
                },
            }
        }
    },
}


def _lire_le_corps(request: HttpRequest) -> dict[str, Any]:
    """Measured before it is read."""
    annonce = request.META.get("CONTENT_LENGTH") or "0"
    if not annonce.isdigit() or int(annonce) > CORPS_MAX or len(request.body) > CORPS_MAX:
        raise EnvoiTropGros
    try:
        corps = json.loads(request.body)
    except (ValueError, RecursionError) as erreur:
        raise EnvoiIllisible from erreur
    if not isinstance(corps, dict) or not isinstance(corps.get("evenements"), list):
        raise EnvoiIllisible
    return corps


def _envoye_a(brut: Any) -> datetime | None:
    """When the phone says it sends; what cannot be read corrects nothing."""
    try:
        if isinstance(brut, int | float) and not isinstance(brut, bool):
            return datetime.fromtimestamp(brut / 1000, UTC)
        instant = datetime.fromisoformat(str(brut))
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError, OSError):
        return None


@router.get(
    "/session",
    auth=porte("terrain.session.lire"),
    response={200: SessionVue, 401: Probleme, 403: Probleme},
    summary="Qui est connecté, et l’heure du service",
)
def session(request: HttpRequest) -> dict[str, Any]:
    compte: Any = request.user
    return {
        "compte": compte.pk,
        "nom": compte.nom_complet,
        "role": compte.role,
        "csrf": get_token(request),
        "maintenant": int(now().timestamp() * 1000),
    }


@router.post(
    "/terrain/evenements",
    auth=porte("terrain.evenement.envoyer"),
    response={200: Resultats, 400: Probleme, 401: Probleme, 403: Probleme, 409: Probleme, 413: Probleme},
    openapi_extra={"requestBody": _CORPS},
    summary="Envoyer ce que le téléphone a gardé",
    description="Un verdict par évènement. Renvoyer le même lot ne produit aucun double effet.",
)
def evenements(request: HttpRequest) -> dict[str, Any]:
    corps = _lire_le_corps(request)
    lot = corps["evenements"]
    if len(lot) > LOT_MAX:
        raise TropDEvenements
    compte: Any = request.user
    if corps.get("compte") not in (None, str(compte.pk)):
        raise AutreCompte
    reponses = recevoir(lot, compte_id=compte.pk, envoye_a=_envoye_a(corps.get("envoye_a")))
    return {
        "resultats": [
            {"id": r.id, "verdict": str(r.verdict), "code": r.code, "phrase": r.phrase} for r in reponses
        ]
    }
