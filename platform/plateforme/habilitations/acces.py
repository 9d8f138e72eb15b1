"""How a route says which action it is: a mark on the view, read by the middleware, the matrix and the tests."""

from collections.abc import Callable
from typing import Any, TypeVar

from plateforme.habilitations.registre import action

Vue = TypeVar("Vue", bound=Callable[..., Any])
LIBRE = "libre"


def acces(code: str) -> Callable[[Vue], Vue]:
    """Mark a view or an API operation with its action. Raises ActionInconnue at import for an unknown code."""
    action(code)

    def marquer(vue: Vue) -> Vue:
        vue.action_treille = code  # type: ignore[attr-defined]
        return vue

    return marquer


def acces_libre(vue: Vue) -> Vue:
    """Mark one of the few views open to anybody (sign-in, health, static shell)."""
    vue.action_treille = LIBRE  # type: ignore[attr-defined]
    return vue


def action_de(vue: Any) -> str | None:
    """Declared code of a view, ``libre``, or None: not declared, so refused."""
    return getattr(vue, "action_treille", None)
