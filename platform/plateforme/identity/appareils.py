"""Where somebody signs in from, said shortly; and the devices a browser has already been used with."""

import ipaddress
import re
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from plateforme.tenancy.courant import cle_courante

_COOKIE = "treille_appareil"
_SEL = "treille.appareil"
_VIE_S = 400 * 86400
_GARDES = 20

_SYSTEMES = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux", "Linux"),
)
# Order matters: Edge says Chrome, Chrome says Safari.
_NAVIGATEURS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)


def nom_de_l_appareil(agent: str) -> str:
    """« Firefox, Windows »; never the whole header, which identifies too well."""
    trouves = [
        next((nom for motif, nom in table if re.search(motif, agent)), "")
        for table in (_NAVIGATEURS, _SYSTEMES)
    ]
    return ", ".join(nom for nom in trouves if nom) or "appareil inconnu"


def est_un_telephone(agent: str) -> bool:
    return bool(re.search(r"Mobile|Android|iPhone", agent))


def adresse_ip(request: HttpRequest) -> str | None:
    """Address of the browser: the peer's, or the one our own proxies (and only they) wrote down."""
    brute = request.META.get("REMOTE_ADDR", "")
    if settings.TREILLE_MANDATAIRES:
        relais = [m.strip() for m in request.headers.get("X-Forwarded-For", "").split(",") if m.strip()]
        brute = (
            relais[-settings.TREILLE_MANDATAIRES] if len(relais) >= settings.TREILLE_MANDATAIRES else brute
        )
    try:
        return str(ipaddress.ip_address(brute))
    except ValueError:
        return None


def adresse_courte(adresse: str | None) -> str:
    """Enough to recognise one's own network, not to point at a home."""
    if not adresse:
        return "adresse inconnue"
    ip = ipaddress.ip_address(adresse)
    if ip.is_loopback:
        return "cet ordinateur"
    if ip.version == 4:
        return ".".join(adresse.split(".")[:2]) + ".…"
    return ":".join(ip.exploded.split(":")[:3]) + "::…"


def _marque(compte_id: Any) -> str:
    return salted_hmac(_SEL, f"{cle_courante()}:{compte_id}", algorithm="sha256").hexdigest()[:24]


def _lues(request: HttpRequest) -> list[str]:
    try:
        lues = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SEL)
    except signing.BadSignature:
        return []
    return [str(m) for m in lues] if isinstance(lues, list) else []


def est_connu(request: HttpRequest, compte_id: Any) -> bool:
    return _marque(compte_id) in _lues(request)


def retenir(request: HttpRequest, reponse: HttpResponse, compte_id: Any) -> None:
    """This browser has been used by this account: no notice next time. Says nothing of who, even to who reads it."""
    marques = [m for m in _lues(request) if m != _marque(compte_id)][-_GARDES:]
    reponse.set_cookie(
        _COOKIE,
        signing.dumps([*marques, _marque(compte_id)], salt=_SEL),
        max_age=_VIE_S,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
