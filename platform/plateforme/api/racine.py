"""The way APIs are built: session sign-in, an action per operation, refusals in problem+json."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from plateforme.api.lecture import Lecteur
from plateforme.api.problemes import brancher
from plateforme.audit.journal import ACTION
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.registre import action, declarer

declarer(
    "plateforme.api.documenter",
    "lire la documentation de l’API",
    nature="lecture",
    roles=("direction", "responsable_secteur", "idec", "secretariat"),
)


class JetonAbsent(ErreurMetier):
    code = "plateforme.session.jeton_absent"
    statut = 403
    message = "Le jeton de sécurité manque ou n’est plus valable\u00a0: relisez-le et renvoyez la demande."


class SessionOuverte(APIKeyCookie):
    """The session cookie, then Django's CSRF check on writing methods: who is signed out is told that first."""

    def __init__(self, nom_du_cookie: str) -> None:
        self.param_name = nom_du_cookie
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        if not key or not request.user.is_authenticated:
            raise AuthenticationError
        if check_csrf(request) is not None:
            raise JetonAbsent
        return request.user


class Porte:
    """Sign-in, then the operation's action. One object per operation, so that its right is data."""

    def __init__(self, code: str, session: SessionOuverte) -> None:
        action(code)
        self.action_treille = code
        self._session = session

    def __call__(self, request: HttpRequest) -> Any:
        acteur = self._session(request)
        ACTION.set(self.action_treille)
        exiger(acteur, self.action_treille)
        if action(self.action_treille).elevation:
            from plateforme.identity import elevation

            elevation.exiger(request)
        return acteur


def porte(code: str) -> Porte:
    """``auth=porte("telegestion.pointage.saisir")`` on an operation of a router."""
    from django.conf import settings

    return Porte(code, SessionOuverte(settings.SESSION_COOKIE_NAME))


def refuser_tout(_request: HttpRequest) -> Any:
    """Auth of the API itself: an operation that declares no action stays closed."""
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied("Cette opération n’a déclaré aucun droit : elle reste fermée.")


def construire(
    titre: str, espace: str, routeurs: dict[str, Router | str], docs: Callable[[Any], Any] | None
) -> NinjaAPI:
    """A NinjaAPI with our handlers; its documentation page needs a session too."""
    api = NinjaAPI(
        title=titre,
        version="1",
        urls_namespace=espace,
        auth=refuser_tout,
        docs_decorator=docs,
        docs_url="/docs" if docs else None,
        parser=Lecteur(),
    )
    brancher(api)
    for prefixe, routeur in routeurs.items():
        api.add_router(prefixe, routeur)
    return api
