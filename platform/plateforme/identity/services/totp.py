"""Codes of an application (RFC 6238): thirty seconds, one step of drift either way, each step used once."""

import hmac
from typing import Any
from uuid import UUID

import pyotp
import segno
from django.conf import settings
from uuid_utils.compat import uuid7

from plateforme.chiffrement import coffre
from plateforme.core.clock import now
from plateforme.identity.base import GenreDeFacteur
from plateforme.identity.modeles import modeles
from plateforme.tenancy.courant import exiger_courant

PAS_S = 30
# Name of the factor of invented people.
NOM_DEMO = "Démonstration"


def nouveau_secret() -> str:
    return pyotp.random_base32()


def _usage(facteur_id: UUID) -> str:
    return f"identity.facteur.secret:{facteur_id}"


def _pas() -> int:
    return int(now().timestamp()) // PAS_S


def pas_du_code(secret: str, code: str) -> int | None:
    """Time step of a code, around now; None when it is of none."""
    chiffres = "".join(code.split())
    if not (chiffres.isascii() and chiffres.isdigit() and len(chiffres) == 6):
        return None
    generateur, ici, trouve = pyotp.TOTP(secret), _pas(), None
    for pas in (ici - 1, ici, ici + 1):
        if hmac.compare_digest(generateur.generate_otp(pas), chiffres):
            trouve = pas
    return trouve


def ajouter(compte: Any, secret: str, code: str, nom: str = "") -> Any:
    """A factor, once the application has shown that it holds the secret; None when the code is wrong."""
    pas = pas_du_code(secret, code)
    if pas is None:
        return None
    return installer(compte, secret, nom=nom, pas=pas)


def installer(compte: Any, secret: str, *, nom: str = "", pas: int = 0) -> Any:
    cle = uuid7()
    return modeles().facteur.objects.create(
        id=cle,
        compte=compte,
        genre=GenreDeFacteur.TOTP,
        nom=nom or "Application de codes",
        secret=coffre.sceller(secret.encode(), _usage(cle)),
        dernier_pas=pas,
    )


def secret_de(facteur: Any) -> str:
    """Raises CleIndisponible."""
    return coffre.ouvrir(bytes(facteur.secret), _usage(facteur.pk)).decode()


def consommer(facteur: Any, code: str) -> bool:
    """True once for a code of this factor: the step is taken by one UPDATE, a second use finds it gone."""
    pas = pas_du_code(secret_de(facteur), code)
    if pas is None:
        return False
    return bool(
        modeles()
        .facteur.objects.filter(pk=facteur.pk, dernier_pas__lt=pas)
        .update(dernier_pas=pas, utilise_a=now())
    )


def code_de_demonstration(compte: Any) -> str:
    """A code still good, for the invented people of ``make run`` only; production refuses to start with the setting."""
    if not settings.TREILLE_DEMO:
        return ""
    facteur = modeles().facteur.objects.filter(compte=compte, genre=GenreDeFacteur.TOTP, nom=NOM_DEMO).first()
    if facteur is None:
        return ""
    pas = min(max(_pas() - 1, facteur.dernier_pas + 1), _pas() + 1)
    return pyotp.TOTP(secret_de(facteur)).generate_otp(pas)


def adresse_otpauth(compte: Any, secret: str) -> str:
    contexte = exiger_courant()
    emetteur = f"Treille – {contexte.nom}" if contexte.est_une_structure else "Treille – réseau"
    return pyotp.TOTP(secret).provisioning_uri(name=compte.identifiant, issuer_name=emetteur)


def qr(texte: str) -> str:
    """The address as a picture, in a ``data:`` that our policy lets through."""
    return str(segno.make(texte, error="m").svg_data_uri(scale=5, border=3, dark="#16211c", light="#ffffff"))
