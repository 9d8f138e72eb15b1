"""Accounts of a structure. Invitations and second factors come with part 2."""

import secrets
import unicodedata
from typing import ClassVar

from plateforme.core.errors import ErreurMetier
from plateforme.core.tri import cle_de_tri
from plateforme.identity.models import Compte, Role

# No character that reads like another: a password is dictated over the phone.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


class CompteRefuse(ErreurMetier):
    code: ClassVar[str] = "plateforme.compte.refuse"


def mot_de_passe_provisoire() -> str:
    """Four groups of four: 79 bits, easy to say."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def choisir_identifiant(prenom: str, nom: str) -> str:
    """``prenom.nom``, then with a number when it is taken."""
    base = cle_de_tri(prenom, nom).replace(" ", ".")[:140] or "compte"
    pris = set(Compte.objects.filter(identifiant__startswith=base).values_list("identifiant", flat=True))
    return next(c for c in (base, *(f"{base}{n}" for n in range(2, 1000))) if c not in pris)


def ouvrir_compte(
    *, prenom: str, nom: str, role: str, courriel: str = "", telephone: str = ""
) -> tuple[Compte, str]:
    """A new account and its provisional password, shown once. Raises CompteRefuse."""
    prenom, nom = (unicodedata.normalize("NFC", " ".join(mot.split())) for mot in (prenom, nom))
    if not prenom or not nom:
        raise CompteRefuse("Le prénom et le nom sont nécessaires.")
    if role not in Role.values:
        raise CompteRefuse("Ce rôle n’existe pas.")
    mot_de_passe = mot_de_passe_provisoire()
    compte: Compte = Compte.objects.ouvrir(
        identifiant=choisir_identifiant(prenom, nom),
        mot_de_passe=mot_de_passe,
        prenom=prenom,
        nom=nom,
        role=role,
        courriel=courriel,
        telephone=telephone,
    )
    return compte, mot_de_passe
