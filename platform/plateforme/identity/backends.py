"""What Django asks of a backend: the account of a session. Passwords are checked by ``services.entree``, never alone."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from plateforme.habilitations.droits import avec_ses_droits
from plateforme.identity.modeles import modele_de_compte
from plateforme.tenancy.courant import exiger_courant

__all__ = ["Comptes", "modele_de_compte"]


class Comptes(BaseBackend):
    def get_user(self, user_id: Any) -> Any:
        try:
            cle = UUID(str(user_id))
        except ValueError:
            return None
        comptes = modele_de_compte()._default_manager.filter(pk=cle, actif=True)
        return (avec_ses_droits(comptes) if exiger_courant().est_une_structure else comptes).first()


# Name of the sessions opened before this one.
MotDePasse = Comptes
