"""What the pages of sign-in share: the ceremony of a passkey, and the typing that survives the end of a session."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from plateforme.chiffrement import coffre
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.identity.appareils import adresse_ip
from plateforme.identity.rules import DELAI_DU_SECOND_FACTEUR
from plateforme.identity.services import entree, passkeys, verrous

_DEFI = "_defi"
_REPRISE = "identity.reprise"
# In the session, sealed: what was being sent when a proof was asked for at a provider’s.
CLE_REPRISE = "_reprise"
REPRISE_MAX = 100_000


def site_de(request: HttpRequest) -> passkeys.Site:
    hote = request.get_host()
    return passkeys.Site(hote.rsplit(":", 1)[0], f"{request.scheme}://{hote}")


def _poser(request: HttpRequest, pour: str, defi: str) -> None:
    request.session[_DEFI] = {"pour": pour, "defi": defi, "a": now().timestamp()}


def _reprendre(request: HttpRequest, pour: str) -> str:
    """The challenge, once, and not for something else. Raises CleRefusee."""
    pose = request.session.pop(_DEFI, None)
    if not pose or pose["pour"] != pour:
        raise passkeys.CleRefusee
    if now().timestamp() - pose["a"] > DELAI_DU_SECOND_FACTEUR.total_seconds():
        raise passkeys.CleRefusee("Cette demande a expiré. Réessayez.")
    return str(pose["defi"])


def preparer_une_cle(request: HttpRequest, pour: str, compte: Any | None = None) -> str:
    """Options of ``navigator.credentials.get``, as JSON; the challenge waits in the session."""
    options, defi = passkeys.options_d_entree(site_de(request), compte)
    _poser(request, pour, defi)
    return json.dumps(options)


def preparer_un_ajout(request: HttpRequest, compte: Any) -> str:
    options, defi = passkeys.options_d_ajout(compte, site_de(request))
    _poser(request, "ajout", defi)
    return json.dumps(options)


def _lire(brut: str) -> dict[str, Any]:
    try:
        lu = json.loads(brut)
    except (ValueError, RecursionError) as erreur:
        raise passkeys.CleRefusee from erreur
    if not isinstance(lu, dict):
        raise passkeys.CleRefusee
    return lu


def ouvrir_une_cle(request: HttpRequest, pour: str, brut: str, compte_id: UUID | None = None) -> Any:
    """The account whose key answered. A wrong answer counts like a wrong code. Raises CleRefusee, TropDEssais."""
    cle = verrous.cle_de_codes(compte_id) if compte_id else verrous.cle_d_adresse(adresse_ip(request))
    essai = verrous.tenter(cle)
    try:
        facteur = passkeys.verifier_entree(
            _lire(brut), _reprendre(request, pour), site_de(request), compte_id
        )
    except passkeys.CleRefusee:
        entree.echouer(essai)
        raise
    verrous.rendre(essai)
    return facteur.compte


def lire_un_ajout(request: HttpRequest, brut: str) -> passkeys.CleVerifiee:
    return passkeys.verifier_ajout(_lire(brut), _reprendre(request, "ajout"), site_de(request))


@dataclass(frozen=True, slots=True)
class Reprise:
    """A form that was being sent when the session ended."""

    chemin: str
    champs: list[tuple[str, str]]


def garder_la_saisie(request: HttpRequest, compte_id: Any, *, meme_vide: bool = False) -> str:
    """The fields of a form whose session has ended, sealed for the same person; "" where they cannot be kept.

    ``meme_vide``: a button without a field is kept too.
    """
    genre = request.headers.get("Content-Type", "")
    if request.method != "POST" or not genre.startswith(("application/x-www-form-urlencoded", "multipart/")):
        return ""
    champs = [
        (nom, valeur)
        for nom in request.POST
        if nom != "csrfmiddlewaretoken" and not nom.startswith("_") and "passe" not in nom
        for valeur in request.POST.getlist(nom)
    ]
    brut = json.dumps([str(compte_id), request.get_full_path(), champs]).encode()
    if not (champs or meme_vide) or len(brut) > REPRISE_MAX:
        return ""
    try:
        return base64.b64encode(coffre.sceller(brut, _REPRISE)).decode()
    except coffre.CleIndisponible:
        return ""


def rendre_la_saisie(scelle: str, compte_id: Any) -> Reprise | None:
    """None when it is nobody's, or somebody else's."""
    if not scelle or len(scelle) > 3 * REPRISE_MAX:
        return None
    try:
        qui, chemin, champs = json.loads(coffre.ouvrir(base64.b64decode(scelle, validate=True), _REPRISE))
    except (ErreurMetier, ValueError, binascii.Error):
        return None
    return Reprise(chemin, [(n, v) for n, v in champs]) if qui == str(compte_id) else None
