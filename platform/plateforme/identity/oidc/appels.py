"""How providers are asked: by the one way out, to the hosts they are configured under, each silence with its motive."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import orjson
from django.conf import settings

from plateforme import sortant
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
        try:
            lu = orjson.loads(self.corps)
        except ValueError as erreur:
            raise RefusOidc("reponse-illisible") from erreur
        if not isinstance(lu, dict):
            raise RefusOidc("reponse-illisible")
        return lu


def adresse_admise(url: str) -> bool:
    """May it be written in a configuration: https, or plain http towards this machine in development."""
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
    return parties.scheme == "http" and bool(settings.SORTANT_LOCAL) and hote in _CETTE_MACHINE


def hotes_de(*adresses: str) -> frozenset[str]:
    """Names these addresses are called under; what is no address names nobody."""
    return frozenset(sortant.hote_de(adresse) for adresse in adresses if adresse_admise(adresse))


def appeler(
    methode: str,
    url: str,
    *,
    hotes: Collection[str],
    formulaire: dict[str, str] | None = None,
    porteur: str = "",
    basic: tuple[str, str] | None = None,
    delai: float = DELAI,
) -> Reponse:
    """One call, to one of ``hotes``. Raises RefusOidc (what came is not admissible) or FournisseurInjoignable."""
    entetes = {"Accept": "application/json"}
    if porteur:
        entetes["Authorization"] = f"Bearer {porteur}"
    elif basic:
        # RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
        couple = f"{quote_plus(basic[0])}:{quote_plus(basic[1])}".encode()
        entetes["Authorization"] = f"Basic {base64.b64encode(couple).decode()}"
    contenu = None
    if formulaire is not None:
        contenu = urlencode(formulaire).encode()
        entetes["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        recue = sortant.demander(
            methode, url, contenu=contenu, entetes=entetes, secondes=delai, octets_max=TAILLE_MAX, hotes=hotes
        )
    except sortant.AdressePrivee as erreur:
        raise FournisseurInjoignable("adresse-privee") from erreur
    except sortant.NomInconnu as erreur:
        raise FournisseurInjoignable("nom-inconnu") from erreur
    except sortant.SortieMuette as erreur:
        raise FournisseurInjoignable from erreur
    except sortant.SortieRefusee as erreur:
        raise RefusOidc("adresse-non-admise") from erreur
    except sortant.Redirection as erreur:
        raise RefusOidc("redirection") from erreur
    except sortant.ReponseTropGrande as erreur:
        raise RefusOidc("reponse-trop-grande") from erreur
    except sortant.ReponseRefusee as erreur:
        raise RefusOidc("reponse-illisible") from erreur
    if recue.statut >= 500 or recue.statut == 429:
        raise FournisseurInjoignable("en-panne")
    genre = next((v for nom, v in recue.entetes.items() if nom.lower() == "content-type"), "")
    return Reponse(recue.statut, genre.lower(), recue.octets)


def repond(url: str, *, hotes: Collection[str], delai: float) -> bool:
    """Is somebody there? Any answer at all is one, but for the provider's own word that it is down."""
    try:
        appeler("GET", url, hotes=hotes, delai=delai)
    except FournisseurInjoignable:
        return False
    except RefusOidc:
        return True
    return True
