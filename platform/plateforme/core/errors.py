"""One base for every refusal: a stable code, a French sentence, an HTTP status, and whether trying again makes sense."""

from typing import Any, ClassVar


class ErreurMetier(Exception):
    """A refusal a person can understand and mend.

    ``code`` is ``domaine.objet.participe``, stable for ever; ``message`` says what is wrong and how to mend it;
    ``champs`` maps a field to its own sentence; ``definitif`` is False when the same call may succeed later.
    """

    code: ClassVar[str] = "plateforme.refus"
    statut: ClassVar[int] = 422
    definitif: ClassVar[bool] = True
    message: str = "Cette action est refusée."
    # What one may do about it: (label, name of a page, its arguments).
    liens: tuple[tuple[str, str, tuple[Any, ...]], ...] = ()

    def __init__(
        self, message: str | None = None, *, champs: dict[str, str] | None = None, **details: Any
    ) -> None:
        self.message = message or self.message
        self.champs = champs or {}
        self.details = details
        super().__init__(self.message)


class Introuvable(ErreurMetier):
    """Unknown, or of another structure: the two look alike on purpose."""

    code = "plateforme.objet.introuvable"
    statut = 404
    message = "Cet élément n’existe pas ou n’est pas dans votre structure."


class Conflit(ErreurMetier):
    code = "plateforme.objet.modifie"
    statut = 409
    message = "Quelqu’un d’autre vient de modifier cet élément. Rechargez la page pour voir sa version."


class Indisponible(ErreurMetier):
    """A service we depend on does not answer; the same request may succeed later."""

    code = "plateforme.service.indisponible"
    statut = 503
    definitif = False
    message = "Un service nécessaire ne répond pas. Réessayez dans un instant."
