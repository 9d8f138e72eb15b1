"""How providers are asked: https, a few seconds, no redirect, a bounded answer, no private address."""

import ipaddress
import socket
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
from django.conf import settings

from plateforme.identity.oidc.erreurs import FournisseurInjoignable, RefusOidc

DELAI = 3.0
TAILLE_MAX = 1_000_000
_CETTE_MACHINE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Reponse:
    statut: int
    genre: str
    corps: bytes

    def json(self) -> dict[str, Any]:
        """The object it holds. Raises RefusOidc."""
        import orjson

        try:
            lu = orjson.loads(self.corps)
        except ValueError as erreur:
            raise RefusOidc("reponse-illisible") from erreur
        if not isinstance(lu, dict):
            raise RefusOidc("reponse-illisible")
        return lu


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    """One set of certificates per process; no proxy from the environment, no cookie kept."""
    return httpx.Client(trust_env=False, follow_redirects=False, headers={"Accept": "application/json"})


def adresse_admise(url: str) -> bool:
    """https, or plain http towards this machine where the settings allow it (sandbox, tests)."""
    try:
        parties = urlsplit(url)
        hote = parties.hostname or ""
        _ = parties.port
    except ValueError:
        return False
    if parties.username or parties.password or parties.fragment or not hote:
        return False
    if parties.scheme == "https":
        return True
    return parties.scheme == "http" and bool(settings.OIDC_HTTP_LOCAL) and hote in _CETTE_MACHINE


def _exiger_publique(url: str) -> None:
    """Not a way into our own network: a structure writes these addresses. Raises FournisseurInjoignable."""
    if settings.OIDC_HTTP_LOCAL:
        return
    parties = urlsplit(url)
    try:
        trouvees = socket.getaddrinfo(parties.hostname, parties.port or 443, type=socket.SOCK_STREAM)
    except OSError as erreur:
        raise FournisseurInjoignable("nom-inconnu") from erreur
    if not all(ipaddress.ip_address(str(t[4][0]).split("%")[0]).is_global for t in trouvees):
        raise FournisseurInjoignable("adresse-privee")


def appeler(
    methode: str,
    url: str,
    *,
    formulaire: dict[str, str] | None = None,
    porteur: str = "",
    basic: tuple[str, str] | None = None,
    delai: float = DELAI,
) -> Reponse:
    """One call. Raises RefusOidc (what came is not admissible) or FournisseurInjoignable (nothing came)."""
    if not adresse_admise(url):
        raise RefusOidc("adresse-non-admise")
    _exiger_publique(url)
    entetes = {"Authorization": f"Bearer {porteur}"} if porteur else {}
    # RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
    auth = httpx.BasicAuth(quote_plus(basic[0]), quote_plus(basic[1])) if basic else None
    client = _client()
    client.cookies.clear()
    requete = client.build_request(methode, url, data=formulaire, headers=entetes, timeout=delai)
    try:
        reponse = client.send(requete, stream=True, auth=auth)
        try:
            corps = _lire(reponse, time.monotonic() + delai)
        finally:
            reponse.close()
    except httpx.HTTPError as erreur:
        raise FournisseurInjoignable from erreur
    if 300 <= reponse.status_code < 400:
        raise RefusOidc("redirection")
    if reponse.status_code >= 500 or reponse.status_code == 429:
        raise FournisseurInjoignable("en-panne")
    return Reponse(reponse.status_code, reponse.headers.get("content-type", "").lower(), corps)


def _lire(reponse: httpx.Response, fin: float) -> bytes:
    corps = bytearray()
    for morceau in reponse.iter_bytes():
        corps += morceau
        if len(corps) > TAILLE_MAX:
            raise RefusOidc("reponse-trop-grande")
        if time.monotonic() > fin:
            raise FournisseurInjoignable("trop-lent")
    return bytes(corps)
