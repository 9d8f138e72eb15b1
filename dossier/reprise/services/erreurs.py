"""What is refused, each with its sentence."""

from typing import ClassVar

from plateforme.core.errors import Conflit, ErreurMetier


class RepriseRefusee(ErreurMetier):
    code: ClassVar[str] = "reprise.refusee"
    statut: ClassVar[int] = 409


class ColonnesRefusees(ErreurMetier):
    """``champs``: rank of the column, or name of the option, to its sentence."""

    code: ClassVar[str] = "reprise.colonnes.refusees"


class DejaEnRoute(Conflit):
    code: ClassVar[str] = "reprise.passage.en_route"
    message = "Un travail est déjà en cours sur cette reprise\u00a0: attendez sa fin."


class DejaTravaille(Conflit):
    """``details["fiches"]``: what has been done since, by record."""

    code: ClassVar[str] = "reprise.annulation.deja_travaille"
