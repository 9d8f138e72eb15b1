"""The one way out: named hosts, over https, at a public address, without redirection, in a bounded time and size.

An address is resolved once, judged, and that very address is connected to: a name that changes its answer between the
two (DNS rebinding) leads nowhere else. Certificates are checked against the name.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx
from django.conf import settings

from plateforme.core.errors import ErreurMetier, Indisponible


class SortieRefusee(ErreurMetier):
    """The address is not one of those this product may call. A setting or a bug, never a thing to retry."""

    code = "sortant.adresse.refusee"
    message = "Cette adresse n’est pas de celles que Treille peut appeler."


class AdressePrivee(SortieRefusee):
    """An allowed name that leads inside: our own network, this machine."""


class SortieMuette(Indisponible):
    code = "sortant.service.muet"
    message = "Le service appelé ne répond pas. Réessayez dans un instant."


class NomInconnu(SortieMuette):
    """Nobody answers to that name."""


class TlsRefuse(SortieMuette):
    """The handshake did not end: one of the two refused the other's certificate. The request was not served."""

    code = "sortant.tls.refuse"
    message = "La connexion sécurisée n’a pas abouti\u00a0: l’un des deux certificats a été refusé."


class ReponseRefusee(ErreurMetier):
    """It answered what is not accepted: a redirection, too much, a compressed body."""

    code = "sortant.reponse.refusee"
    statut = 502
    definitif = False
    message = "Le service appelé a répondu quelque chose d’inattendu."


class Redirection(ReponseRefusee):
    """It sends elsewhere: never followed."""


class ReponseTropGrande(ReponseRefusee):
    """More than was allowed; reading stopped there."""


@dataclass(frozen=True, slots=True)
class Reponse:
    statut: int
    entetes: Mapping[str, str]
    octets: bytes


def demander(
    methode: str,
    adresse: str,
    *,
    contenu: bytes | None = None,
    entetes: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
    secondes: float | None = None,
    octets_max: int | None = None,
    hotes: Collection[str] = (),
) -> Reponse:
    """One request, one answer. ``tls``: a context with a client certificate, for peers that ask for one.

    ``hotes``: what ``hote_de`` says of an address the operator wrote in a setting, allowed beside SORTANT_HOTES; the rest
    is asked of it all the same.

    Raises: SortieRefusee before anything leaves; SortieMuette, of which TlsRefuse; ReponseRefusee.
    """
    url = _juger_l_adresse(adresse, hotes)
    fin = time.monotonic() + (secondes or settings.SORTANT_SECONDES)
    plafond = octets_max or settings.SORTANT_OCTETS_MAX
    envoi = {"Accept-Encoding": "identity", **(entetes or {})}
    plus_long = min(10.0, secondes or settings.SORTANT_SECONDES)
    delais = httpx.Timeout(plus_long, connect=min(3.0, plus_long))
    try:
        with (
            httpx.Client(
                transport=_Transport(tls), follow_redirects=False, timeout=delais, trust_env=False
            ) as client,
            client.stream(methode, url, content=contenu, headers=envoi) as reponse,
        ):
            return _lire(reponse, fin, plafond)
    except httpx.HTTPError as erreur:
        if isinstance(erreur.__context__, SortieRefusee):
            raise erreur.__context__ from erreur
        raise (TlsRefuse if _du_tls(erreur) else SortieMuette) from erreur


def _du_tls(erreur: BaseException | None) -> bool:
    while erreur is not None:
        if isinstance(erreur, ssl.SSLError) and not isinstance(erreur, ssl.SSLEOFError):
            return True
        erreur = erreur.__cause__ or erreur.__context__
    return False


def _lire_l_adresse(adresse: str) -> tuple[httpx.URL, str, str]:
    """The address, its host, and the name it is allowed under: the host, with its port when it is not the usual one."""
    try:
        url = httpx.URL(adresse)
    except (httpx.InvalidURL, TypeError, ValueError) as erreur:
        raise SortieRefusee from erreur
    hote = url.host.rstrip(".").lower()
    return url, hote, f"{hote}:{url.port}" if url.port is not None else hote


def hote_de(adresse: str) -> str:
    """Name under which an address of the settings is allowed. Raises SortieRefusee when it is no address."""
    return _lire_l_adresse(adresse)[2]


def _juger_l_adresse(adresse: str, hotes: Collection[str]) -> httpx.URL:
    url, hote, complet = _lire_l_adresse(adresse)
    if url.userinfo or not hote or (complet not in settings.SORTANT_HOTES and complet not in hotes):
        raise SortieRefusee
    if url.scheme != "https" and not (url.scheme == "http" and settings.SORTANT_LOCAL and _locale(hote)):
        raise SortieRefusee
    return url.copy_with(host=hote)


def _locale(hote: str) -> bool:
    return hote in {"localhost", "127.0.0.1", "::1"}


def _adresse_permise(brute: str) -> bool:
    """A public unicast address; in development, this machine's own too."""
    ip = ipaddress.ip_address(brute.partition("%")[0])
    if ip.is_loopback:
        return bool(settings.SORTANT_LOCAL)
    if any(ip.version == reseau.version and ip in reseau for reseau in _SPECIALES):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


# Source: IANA, IPv4 and IPv6 Special-Purpose Address Registries (read 2026-11-22). Written out, as what Python calls
# « global » changed between two patch releases. Mapped, translated and tunnelled forms hide an IPv4 address.
_SPECIALES = [
    ipaddress.ip_network(reseau)
    for reseau in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/128", "::/96",
        "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
        "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
]  # fmt: skip


class _Reseau(httpcore.NetworkBackend):
    """Resolves, judges every address of the name, connects to one of those judged."""

    def __init__(self) -> None:
        self._vrai = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            trouvees = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as erreur:
            raise NomInconnu from erreur
        adresses = list(dict.fromkeys(str(fiche[4][0]) for fiche in trouvees))
        # One private address among public ones is enough: the name is not what it says.
        if not adresses or not all(_adresse_permise(adresse) for adresse in adresses):
            raise AdressePrivee
        return self._vrai.connect_tcp(adresses[0], port, timeout, local_address, socket_options)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise SortieRefusee

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@lru_cache(maxsize=1)
def _autorites() -> ssl.SSLContext:
    """Reading the authorities of the machine costs more than a call to a neighbour: once per process."""
    return ssl.create_default_context()


class _Transport(httpx.HTTPTransport):
    def __init__(self, tls: ssl.SSLContext | None) -> None:
        contexte = tls or _autorites()
        super().__init__(verify=contexte, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=contexte, network_backend=_Reseau(), max_connections=1
        )


def _lire(reponse: httpx.Response, fin: float, plafond: int) -> Reponse:
    if reponse.is_redirect:
        raise Redirection
    if reponse.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ReponseRefusee
    annonce = reponse.headers.get("Content-Length", "")
    if annonce.isdigit() and int(annonce) > plafond:
        raise ReponseTropGrande
    recu = bytearray()
    for bloc in reponse.iter_raw():
        recu += bloc
        if len(recu) > plafond:
            raise ReponseTropGrande
        if time.monotonic() > fin:  # a drip is a silence
            raise SortieMuette
    return Reponse(reponse.status_code, dict(reponse.headers), bytes(recu))
