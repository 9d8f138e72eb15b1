"""Verification of what a provider signs: OpenID Connect Core §3.1.3.7, Back-Channel Logout §2.6, stricter where free."""

import base64
import hashlib
import hmac
from typing import Any

import jwt

from plateforme.core.clock import now
from plateforme.identity.oidc import decouverte as decouvertes
from plateforme.identity.oidc.decouverte import Decouverte
from plateforme.identity.oidc.erreurs import RefusOidc
from plateforme.identity.oidc.fournisseurs import Fournisseur

# Two clocks are never the same.
MARGE = 30
# A token made long ago is not this sign-in's, whatever its expiry says.
AGE_MAX = 600
EVENEMENT_DE_SORTIE = "http://schemas.openid.net/event/backchannel-logout"
# PyJWT checks the signature; every claim is checked here, with its own motive.
_SANS_VERIFIER = {f"verify_{nom}": False for nom in ("exp", "iat", "nbf", "aud", "iss", "sub", "jti")}


def entete(brut: Any, f: Fournisseur, types: set[str]) -> dict[str, Any]:
    """Header of a token that may be ours to check; nothing is asked of anybody for the others. Raises RefusOidc."""
    if not isinstance(brut, str) or not brut:
        raise RefusOidc("jeton-absent")
    try:
        lu = jwt.get_unverified_header(brut)
    except jwt.PyJWTError as erreur:
        raise RefusOidc("jeton-illisible") from erreur
    if lu.get("alg") not in f.signatures:
        raise RefusOidc("signature-non-admise")
    if "crit" in lu or str(lu.get("typ", "JWT")).lower() not in types:
        raise RefusOidc("jeton-d-un-autre-genre")
    return dict(lu)


def _signe(brut: Any, f: Fournisseur, d: Decouverte, types: set[str]) -> dict[str, Any]:
    """Claims of a token whose signature is the provider's. The header chooses nothing but a published key."""
    tete = entete(brut, f, types)
    alg, kid = tete["alg"], tete.get("kid")
    if alg == "HS256":
        cle: Any = f.secret
    elif isinstance(kid, str) and kid:
        cle = decouvertes.cle(d, kid, alg)
    else:
        raise RefusOidc("cle-inconnue")
    try:
        lu = jwt.decode(brut, cle, algorithms=[alg], options=_SANS_VERIFIER)  # type: ignore[arg-type]
    except (jwt.PyJWTError, ValueError) as erreur:
        raise RefusOidc("signature-fausse") from erreur
    return dict(lu)


def _entier(lu: dict[str, Any], nom: str) -> float:
    valeur = lu.get(nom)
    if isinstance(valeur, bool) or not isinstance(valeur, int | float):
        raise RefusOidc(f"{nom}-absent")
    return float(valeur)


def _verifier_qui(lu: dict[str, Any], f: Fournisseur) -> None:
    if lu.get("iss") != f.issuer:
        raise RefusOidc("autre-emetteur")
    destinataires = lu.get("aud")
    # Another audience beside us is another client that could replay our token: refused, whatever azp says.
    if destinataires not in (f.client_id, [f.client_id]):
        raise RefusOidc("autre-destinataire")
    if lu.get("azp", f.client_id) != f.client_id:
        raise RefusOidc("autre-demandeur")


def _verifier_quand(lu: dict[str, Any], *, exp_exigee: bool = True) -> None:
    instant = now().timestamp()
    if (exp_exigee or "exp" in lu) and _entier(lu, "exp") <= instant - MARGE:
        raise RefusOidc("expire")
    iat = _entier(lu, "iat")
    if iat > instant + MARGE:
        raise RefusOidc("emis-dans-le-futur")
    if iat < instant - AGE_MAX:
        raise RefusOidc("trop-ancien")
    if "nbf" in lu and _entier(lu, "nbf") > instant + MARGE:
        raise RefusOidc("emis-dans-le-futur")


def _verifier_niveau(lu: dict[str, Any], f: Fournisseur) -> None:
    if f.niveaux and lu.get("acr") not in f.niveaux and not f.second_facteur_local:
        raise RefusOidc("niveau")


def _verifier_at_hash(lu: dict[str, Any], access: str) -> None:
    if "at_hash" not in lu:
        return
    moitie = hashlib.sha256(access.encode()).digest()[:16]
    attendu = base64.urlsafe_b64encode(moitie).rstrip(b"=").decode()
    if not hmac.compare_digest(attendu.encode(), str(lu["at_hash"]).encode()):
        raise RefusOidc("at-hash")


def id_token(brut: Any, f: Fournisseur, d: Decouverte, *, nonce: str, access: str) -> dict[str, Any]:
    """Claims of the id token of a sign-in. Raises RefusOidc."""
    lu = _signe(brut, f, d, {"jwt"})
    _verifier_qui(lu, f)
    _verifier_quand(lu)
    recu = lu.get("nonce")
    if not nonce or not isinstance(recu, str) or not hmac.compare_digest(recu.encode(), nonce.encode()):
        raise RefusOidc("nonce")
    _sujet(lu)
    _verifier_niveau(lu, f)
    _verifier_at_hash(lu, access)
    return lu


def exiger_prouve_apres(lu: dict[str, Any], instant: float) -> None:
    """The person proved who they are since then, not when the provider's session began. Raises RefusOidc."""
    prouve_a = lu.get("auth_time")
    if isinstance(prouve_a, bool) or not isinstance(prouve_a, int | float):
        raise RefusOidc("preuve-ancienne")
    if not instant - MARGE <= prouve_a <= now().timestamp() + MARGE:
        raise RefusOidc("preuve-ancienne")


def id_token_rafraichi(brut: Any, f: Fournisseur, d: Decouverte, *, sub: str) -> dict[str, Any]:
    """The same person, still. Raises RefusOidc."""
    lu = _signe(brut, f, d, {"jwt"})
    _verifier_qui(lu, f)
    _verifier_quand(lu)
    if _sujet(lu) != sub:
        raise RefusOidc("autre-sujet")
    return lu


def userinfo(corps: dict[str, Any] | str, f: Fournisseur, d: Decouverte, *, sub: str) -> dict[str, Any]:
    """What the provider says of the person of the id token, and of nobody else. Raises RefusOidc."""
    if isinstance(corps, str):
        lu = _signe(corps, f, d, {"jwt"})
        if lu.get("iss", f.issuer) != f.issuer:
            raise RefusOidc("autre-emetteur")
        if "aud" in lu and lu["aud"] not in (f.client_id, [f.client_id]):
            raise RefusOidc("autre-destinataire")
    else:
        lu = corps
    if not isinstance(lu.get("sub"), str) or not hmac.compare_digest(lu["sub"].encode(), sub.encode()):
        raise RefusOidc("identite-discordante")
    return lu


def ordre_de_sortie(brut: Any, f: Fournisseur) -> dict[str, Any]:
    """A back-channel sign-out order; anybody may send one, so its look comes before any question. Raises RefusOidc."""
    types = {"jwt", "logout+jwt"}
    entete(brut, f, types)
    lu = _signe(brut, f, decouvertes.lire(f), types)
    _verifier_qui(lu, f)
    _verifier_quand(lu, exp_exigee=False)
    evenements = lu.get("events")
    if not isinstance(evenements, dict) or not isinstance(evenements.get(EVENEMENT_DE_SORTIE), dict):
        raise RefusOidc("pas-un-ordre-de-sortie")
    # A nonce marks an id token: one that was stolen must not sign people out.
    if "nonce" in lu or not isinstance(lu.get("jti"), str) or not lu["jti"]:
        raise RefusOidc("pas-un-ordre-de-sortie")
    if not any(isinstance(lu.get(nom), str) and lu[nom] for nom in ("sub", "sid")):
        raise RefusOidc("pas-un-ordre-de-sortie")
    return lu


def _sujet(lu: dict[str, Any]) -> str:
    sub = lu.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= 255:
        raise RefusOidc("sans-sujet")
    return sub
