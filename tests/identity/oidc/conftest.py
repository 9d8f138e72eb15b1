"""The real provider beside the product, and a person who follows links across hosts."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit, urlunsplit

import httpx
import pytest
from django.test import Client

from plateforme.audit.models import Trace
from plateforme.identity.models import FournisseurOidc
from plateforme.identity.oidc import configuration, decouverte
from plateforme.reseau.models import TraceReseau
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from tests.pairs.oidc.pair import CLIENT, CLIENT_ORGANISME, SECRET, Pair, pair_oidc
from tests.pairs.oidc.personnes import SOLENN, tous
from tests.support.monde import Monde, compte


@pytest.fixture(scope="session")
def pair_de_la_session() -> Iterator[Pair]:
    with pair_oidc("http://localhost", "http://alpha.localhost", tous()) as pair:
        yield pair


@pytest.fixture
def pair(pair_de_la_session: Pair, settings: Any) -> Iterator[Pair]:
    """The provider answers well, and nothing is remembered of it."""
    settings.PSC_CLIENT_ID, settings.PSC_CLIENT_SECRET = CLIENT, SECRET
    settings.PSC_ISSUER = pair_de_la_session.issuer
    settings.PSC_DECOUVERTE = pair_de_la_session.decouverte
    pair_de_la_session.regler(decalage=0)
    decouverte.oublier()
    yield pair_de_la_session
    decouverte.oublier()


@pytest.fixture
def solenn(monde: Monde) -> Any:
    """The IDEC of A carries the national identifier of Solenn."""
    with lier(monde.a):
        idec = compte("idec")
        idec.id_national = SOLENN
        idec.save()
        return idec


@dataclass
class Etape:
    """A page reached: its address, its status, its text."""

    url: str
    statut: int
    texte: str

    @property
    def chemin(self) -> str:
        return urlsplit(self.url).path


@dataclass
class Navigateur:
    """Keeps the cookies of each host, follows redirects; at the provider, says who it is."""

    pair: Pair
    sub: str
    hotes: dict[str, Client] = field(default_factory=dict)
    chez_le_pair: httpx.Client = field(default_factory=lambda: httpx.Client(follow_redirects=False))
    passees: list[str] = field(default_factory=list)

    def client(self, hote: str) -> Client:
        return self.hotes.setdefault(hote, Client(headers={"host": hote}))

    def aller(self, url: str, *, jusqu_a: str = "\x00") -> Etape:
        """Until a page, or the first address that contains ``jusqu_a`` (not asked)."""
        for _ in range(20):
            if jusqu_a in url:
                return Etape(url, 0, "")
            self.passees.append(url)
            etape, suivante = self._demander(url)
            if not suivante:
                return etape
            url = urljoin(url, suivante)
        raise AssertionError(f"redirections sans fin : {self.passees[-3:]}")

    def _demander(self, url: str) -> tuple[Etape, str]:
        parties = urlsplit(url)
        if url.startswith(self.pair.racine):
            if "/interaction/" in url and "sub=" not in url:
                url += "?" + urlencode({"sub": self.sub})
            r = self.chez_le_pair.get(url)
            return Etape(url, r.status_code, r.text), r.headers.get("location", "")
        chemin = urlunsplit(("", "", parties.path, parties.query, ""))
        return self._lire(url, self.client(parties.netloc).get(chemin))

    def poster(self, url: str, donnees: dict[str, str] | None = None) -> Etape:
        """A form of ours, then wherever it leads."""
        parties = urlsplit(url)
        etape, suivante = self._lire(url, self.client(parties.netloc).post(parties.path, donnees or {}))
        return self.aller(urljoin(url, suivante)) if suivante else etape

    @staticmethod
    def _lire(url: str, reponse: Any) -> tuple[Etape, str]:
        texte = reponse.content.decode(errors="replace")
        transit = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', texte)
        suivante = reponse.get("Location", "") or (html.unescape(transit[1]) if transit else "")
        return Etape(url, reponse.status_code, texte), suivante

    def est_connecte(self, contexte: Contexte) -> bool:
        """In the table of sessions of that site."""
        with lier(contexte):
            return "_auth_user_id" in self.client(f"{contexte.slug}.localhost".lstrip(".")).session

    def entrer(self, hote: str = "alpha.localhost", suite: str = "") -> Etape:
        fin = f"?{urlencode({'suite': suite})}" if suite else ""
        return self.aller(f"http://{hote}/connexion/psc/depart{fin}")

    def reponse_du_fournisseur(self, hote: str = "alpha.localhost") -> str:
        """The whole course up to the provider's answer, which is given back instead of followed."""
        return self.aller(f"http://{hote}/connexion/psc/depart", jusqu_a="/psc/retour").url


@pytest.fixture
def navigateur(pair: Pair) -> Navigateur:
    return Navigateur(pair, f"f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:{SOLENN}")


def avec(url: str, **changes: str | None) -> str:
    """The same address with other parameters; None removes one."""
    parties = urlsplit(url)
    params = {nom: valeurs[0] for nom, valeurs in parse_qs(parties.query).items()}
    params = {**params, **changes}
    return urlunsplit(parties._replace(query=urlencode({n: v for n, v in params.items() if v is not None})))


class Journaux:
    """What the journals say of identities since the test began, oldest first."""

    def __init__(self, a: Contexte) -> None:
        self._a = a
        self._depuis = (self._dernier(TraceReseau, PUBLIC), self._dernier(Trace, a))

    @staticmethod
    def _dernier(modele: Any, contexte: Contexte) -> int:
        with lier(contexte):
            return modele.objects.order_by("-numero").values_list("numero", flat=True).first() or 0

    def reseau(self) -> list[tuple[str, dict[str, Any]]]:
        return self._lire(TraceReseau, PUBLIC, self._depuis[0])

    def structure(self) -> list[tuple[str, dict[str, Any]]]:
        return self._lire(Trace, self._a, self._depuis[1])

    @staticmethod
    def _lire(modele: Any, contexte: Contexte, depuis: int) -> list[tuple[str, dict[str, Any]]]:
        with lier(contexte):
            traces = modele.objects.filter(numero__gt=depuis, genre__startswith="identity.").order_by(
                "numero"
            )
            return list(traces.values_list("genre", "details"))


@pytest.fixture
def journaux(monde: Monde) -> Journaux:
    return Journaux(monde.a)


def valeurs(pair: Pair, **autres: Any) -> dict[str, Any]:
    return {
        "nom": "Compte de l’association", "issuer": pair.issuer, "decouverte": pair.decouverte, "client_id": CLIENT_ORGANISME,
        "secret": SECRET, "scopes": "openid profile", "revendication": "sub", "acr": "eidas3", "amr": "mfa",
        "second_facteur_local": False, "actif": True, **autres,
    }  # fmt: skip


@pytest.fixture
def organisme(pair: Pair, monde: Monde) -> Any:
    from plateforme.audit.journal import acte

    with lier(monde.a), acte("essai"):
        return configuration.enregistrer(FournisseurOidc(), valeurs(pair), compte("direction"))
