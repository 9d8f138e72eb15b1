"""Passkeys (WebAuthn level 2): bound to the host of the structure, always with the person verified by their device."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.identity.base import GenreDeFacteur
from plateforme.identity.modeles import modeles


class CleRefusee(ErreurMetier):
    code: ClassVar[str] = "plateforme.cle_acces.refusee"
    message = "Cette clé d’accès n’a pas été acceptée. Réessayez, ou choisissez un autre moyen."


@dataclass(frozen=True, slots=True)
class Site:
    """Where the ceremony takes place. ``hote``: without its port; ``origine``: scheme, host and port."""

    hote: str
    origine: str


def _descriptions(facteurs: Any) -> list[PublicKeyCredentialDescriptor]:
    connus = {t.value for t in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(f.cle_id), transports=[AuthenticatorTransport(t) for t in f.transports if t in connus]
        )
        for f in facteurs
    ]


def de(compte: Any) -> list[Any]:
    return list(modeles().facteur.objects.filter(compte=compte, genre=GenreDeFacteur.PASSKEY))


def options_d_ajout(compte: Any, site: Site) -> tuple[dict[str, Any], str]:
    """What the browser is asked, and the challenge to remember."""
    options = webauthn.generate_registration_options(
        rp_id=site.hote,
        rp_name="Treille",
        user_id=compte.pk.bytes,
        user_name=compte.identifiant,
        user_display_name=compte.nom_complet,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptions(de(compte)),
    )
    return json.loads(webauthn.options_to_json(options)), bytes_to_base64url(options.challenge)


@dataclass(frozen=True, slots=True)
class CleVerifiee:
    """A new key whose ceremony went well, not stored yet."""

    cle_id: bytes
    cle_publique: bytes
    compteur: int
    transports: list[str]
    synchronisee: bool


def verifier_ajout(reponse: dict[str, Any], defi: str, site: Site) -> CleVerifiee:
    """Raises CleRefusee."""
    try:
        verifiee = webauthn.verify_registration_response(
            credential=reponse,
            expected_challenge=base64url_to_bytes(defi),
            expected_rp_id=site.hote,
            expected_origin=site.origine,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as erreur:
        raise CleRefusee from erreur
    transports = (reponse.get("response") or {}).get("transports") or []
    return CleVerifiee(
        verifiee.credential_id,
        verifiee.credential_public_key,
        verifiee.sign_count,
        [t for t in transports if isinstance(t, str)][:8] if isinstance(transports, list) else [],
        verifiee.credential_backed_up,
    )


def ajouter(compte: Any, cle: CleVerifiee, nom: str = "") -> Any:
    """Raises CleRefusee for a key already registered here, by anybody."""
    table = modeles().facteur
    if table.objects.filter(cle_id=cle.cle_id).exists():
        raise CleRefusee("Cette clé d’accès est déjà enregistrée.")
    return table.objects.create(
        compte=compte,
        genre=GenreDeFacteur.PASSKEY,
        nom=nom or "Clé d’accès",
        cle_id=cle.cle_id,
        cle_publique=cle.cle_publique,
        compteur=cle.compteur,
        transports=cle.transports,
        synchronisee=cle.synchronisee,
    )


def options_d_entree(site: Site, compte: Any | None = None) -> tuple[dict[str, Any], str]:
    """Without ``compte``: any discoverable key of this site, and nothing says which exist."""
    options = webauthn.generate_authentication_options(
        rp_id=site.hote,
        allow_credentials=_descriptions(de(compte)) if compte is not None else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.loads(webauthn.options_to_json(options)), bytes_to_base64url(options.challenge)


def verifier_entree(reponse: dict[str, Any], defi: str, site: Site, compte_id: UUID | None = None) -> Any:
    """The key's factor, with its ``compte``. Raises CleRefusee for anything else than a key of this site's people.

    The counter only goes up: a copied key that comes back with an old one is refused.
    """
    try:
        cle_id = base64url_to_bytes(str(reponse["id"]))
        poignee = (reponse.get("response") or {}).get("userHandle")
    except (KeyError, ValueError, TypeError, AttributeError) as erreur:
        raise CleRefusee from erreur
    table = modeles().facteur
    facteur = (
        table.objects.select_related("compte").filter(cle_id=cle_id, genre=GenreDeFacteur.PASSKEY).first()
    )
    if facteur is None or (compte_id is not None and facteur.compte_id != compte_id):
        raise CleRefusee
    try:
        if poignee and base64url_to_bytes(str(poignee)) != facteur.compte_id.bytes:
            raise CleRefusee
        verifiee = webauthn.verify_authentication_response(
            credential=reponse,
            expected_challenge=base64url_to_bytes(defi),
            expected_rp_id=site.hote,
            expected_origin=site.origine,
            credential_public_key=bytes(facteur.cle_publique),
            credential_current_sign_count=facteur.compteur,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as erreur:
        raise CleRefusee from erreur
    avance = table.objects.filter(pk=facteur.pk, compteur=facteur.compteur).update(
        compteur=verifiee.new_sign_count, synchronisee=verifiee.credential_backed_up, utilise_a=now()
    )
    if not avance:
        raise CleRefusee
    return facteur
