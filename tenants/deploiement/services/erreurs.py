"""Refusals of the deployment."""

from typing import ClassVar

from plateforme.core.errors import ErreurMetier


class DeploiementRefuse(ErreurMetier):
    """The request is well written and may not be done now: the sentence says what is missing."""

    code: ClassVar[str] = "deploiement.refuse"
    statut = 409


class SaisieRefusee(ErreurMetier):
    code: ClassVar[str] = "deploiement.saisie"
