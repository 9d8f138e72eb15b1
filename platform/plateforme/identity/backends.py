"""Provisional sign-in by password: identity proper (Pro Santé Connect, second factor) comes with part 2."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from plateforme.habilitations.droits import avec_ses_droits
from plateforme.identity.base import CompteBase
from plateforme.tenancy.courant import exiger_courant


def modele_de_compte() -> type[CompteBase]:
    """``Compte`` in a structure, ``CompteReseau`` on the network's own site."""
    if exiger_courant().est_une_structure:
        from plateforme.identity.models import Compte

        return Compte
    from plateforme.reseau.models import CompteReseau

    return CompteReseau


class MotDePasse(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, identifiant: str = "", mot_de_passe: str = "", **_autres: Any
    ) -> Any:
        modele = modele_de_compte()
        identifiant = identifiant.replace("\x00", "")
        compte = modele._default_manager.filter(identifiant=identifiant.strip().lower(), actif=True).first()
        if compte is None:
            modele().set_password(mot_de_passe)  # same time whether or not the account exists
            return None
        return compte if compte.check_password(mot_de_passe) else None

    def get_user(self, user_id: Any) -> Any:
        try:
            cle = UUID(str(user_id))
        except ValueError:
            return None
        modele = modele_de_compte()
        comptes = modele._default_manager.filter(pk=cle, actif=True)
        return (avec_ses_droits(comptes) if exiger_courant().est_une_structure else comptes).first()
