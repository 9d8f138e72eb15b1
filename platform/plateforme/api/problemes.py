"""Every refusal of the API is ``application/problem+json`` (RFC 9457), in French, with a stable code."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from plateforme.core.errors import ErreurMetier, Indisponible
from plateforme.observability.contexte import trace

logger = logging.getLogger(__name__)

_TITRES = {
    400: "Demande illisible",
    401: "Connexion nécessaire",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Méthode refusée",
    409: "Conflit",
    413: "Envoi trop volumineux",
    422: "Demande refusée",
    429: "Trop de demandes",
    500: "Erreur interne",
    503: "Service indisponible",
}
_PHRASES_PYDANTIC = {
    "missing": "Ce champ est obligatoire.",
    "uuid_parsing": "Un identifiant de la forme xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx est attendu.",
    "int_parsing": "Un nombre entier est attendu.",
    "date_from_datetime_parsing": "Une date de la forme AAAA-MM-JJ est attendue.",
    "date_parsing": "Une date de la forme AAAA-MM-JJ est attendue.",
    "datetime_parsing": "Un instant ISO 8601 avec fuseau est attendu.",
    "datetime_from_date_parsing": "Un instant ISO 8601 avec fuseau est attendu.",
    "string_type": "Un texte est attendu.",
    "list_type": "Une liste est attendue.",
    "dict_type": "Un objet est attendu.",
    "json_invalid": "Le corps de la demande n’est pas du JSON valide.",
}


class Probleme(Schema):
    """RFC 9457, as every refusal of the API."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    champs: dict[str, str] = {}


def probleme(statut: int, code: str, detail: str, **autres: Any) -> JsonResponse:
    """The one shape of a refusal. ``instance`` is the correlation number to give to the support."""
    corps = {
        "type": f"/aide/refus/{code}",
        "title": _TITRES.get(statut, "Refus"),
        "status": statut,
        "code": code,
        "detail": detail,
        "instance": trace().correlation,
        **{cle: valeur for cle, valeur in autres.items() if valeur},
    }
    return JsonResponse(
        corps,
        status=statut,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _phrase(erreur: dict[str, Any]) -> str:
    return _PHRASES_PYDANTIC.get(erreur["type"], "Cette valeur n’est pas acceptée.")


def brancher(api: NinjaAPI) -> None:
    """Install the handlers on an API."""

    @api.exception_handler(ErreurMetier)
    def _(_request: HttpRequest, erreur: ErreurMetier) -> HttpResponse:
        return probleme(erreur.statut, erreur.code, erreur.message, champs=erreur.champs)

    @api.exception_handler(ValidationError)
    def _(_request: HttpRequest, erreur: ValidationError) -> HttpResponse:
        champs = {".".join(str(pas) for pas in e["loc"][1:]) or "corps": _phrase(e) for e in erreur.errors}
        return probleme(
            422, "plateforme.demande.invalide", "Un ou plusieurs champs sont à corriger.", champs=champs
        )

    @api.exception_handler(AuthenticationError)
    def _(_request: HttpRequest, _erreur: AuthenticationError) -> HttpResponse:
        return probleme(401, "plateforme.session.absente", "Connectez-vous pour continuer.")

    @api.exception_handler(PermissionDenied)
    def _(_request: HttpRequest, erreur: PermissionDenied) -> HttpResponse:
        return probleme(403, "plateforme.habilitation.refusee", str(erreur) or "Accès refusé.")

    @api.exception_handler(Http404)
    def _(_request: HttpRequest, _erreur: Http404) -> HttpResponse:
        return probleme(
            404, "plateforme.objet.introuvable", "Cet élément n’existe pas ou n’est pas dans votre structure."
        )

    @api.exception_handler(HttpError)
    def _(_request: HttpRequest, erreur: HttpError) -> HttpResponse:
        code = "plateforme.demande.illisible" if erreur.status_code == 400 else "plateforme.demande.refusee"
        return probleme(erreur.status_code, code, _TITRES.get(erreur.status_code, "Demande refusée") + ".")

    @api.exception_handler(RequestDataTooBig)
    def _(_request: HttpRequest, _erreur: RequestDataTooBig) -> HttpResponse:
        return probleme(413, "plateforme.demande.trop_grosse", "Cette demande est trop volumineuse.")

    @api.exception_handler(OperationalError)
    @api.exception_handler(InterfaceError)
    def _(_request: HttpRequest, erreur: Exception) -> HttpResponse:
        # The base is away, restarting or overloaded: the same request will pass later, and phones know it.
        logger.warning("base injoignable", exc_info=erreur)
        return probleme(503, Indisponible.code, Indisponible.message)

    @api.exception_handler(Exception)
    def _(_request: HttpRequest, erreur: Exception) -> HttpResponse:
        logger.error("erreur de l’API", exc_info=erreur)
        return probleme(
            500,
            "plateforme.erreur.interne",
            "Une erreur inattendue est survenue. Réessayez\u00a0; si elle revient, donnez ce numéro au support.",
        )
