"""An error report leaves with types and places; what the view held stays here."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from django.http import HttpRequest
from django.urls import path
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from plateforme.habilitations.acces import acces_libre
from plateforme.observability import sentry
from tests.support.monde import CANARI_A, Monde, client_de

NIR = "284052227804623"
TELEPHONE = "0612345678"


@acces_libre
def casser(request: HttpRequest, nom: str) -> None:
    dossier = {"nom": CANARI_A, "nir": NIR}
    sentry_sdk.set_user({"username": CANARI_A})
    sentry_sdk.set_tag("telephone", TELEPHONE)
    sentry_sdk.set_context("dossier", dossier)
    sentry_sdk.add_breadcrumb(message=CANARI_A)
    raise KeyError(f"{dossier} {TELEPHONE}")


urlpatterns = [path("essai/<str:nom>", casser)]


class Boite(Transport):
    """Keeps what would have left."""

    def __init__(self) -> None:
        super().__init__()
        self.parties: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.parties += [json.loads(item.payload.get_bytes()) for item in envelope.items]


@pytest.fixture
def boite() -> Iterator[Boite]:
    transport = Boite()
    sentry.demarrer("https://cle@collecteur.invalid/1", transport=transport)
    yield transport
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.get_global_scope().set_client(None)


def test_rien_de_la_personne_ne_part(monde: Monde, boite: Boite, settings: Any, tmp_path: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.URLCONF_STRUCTURE = "tests.plateforme.test_sentry"
    client = client_de(monde.a, raise_request_exception=False)

    reponse = client.post(
        f"/essai/{CANARI_A}?tel={TELEPHONE}",
        {"nir": NIR},
        headers={"X-Request-ID": "phone-0001", "X-Nom": "Zephyrine"},
    )

    assert reponse.status_code == 500
    assert len(boite.parties) >= 1
    texte = json.dumps(boite.parties, ensure_ascii=False)
    assert [c for c in (CANARI_A, "Zéphyrine", "Zephyrine", NIR, TELEPHONE) if c in texte] == []
    rapport = next(p for p in boite.parties if "exception" in p)
    assert rapport["tags"] == {"structure": str(monde.a.structure_id), "correlation": "phone-0001"}
    (erreur,) = rapport["exception"]["values"]
    assert erreur["type"] == "KeyError"
    assert erreur["stacktrace"]["frames"][-1]["function"] == "casser"
    assert set(rapport) <= {
        "event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "logger", "transaction",
        "exception", "tags",
    }  # fmt: skip


def test_une_route_part_un_chemin_non() -> None:
    route = {"transaction": "/essai/{nom}", "transaction_info": {"source": "route"}}
    chemin = {"transaction": f"/essai/{CANARI_A}", "transaction_info": {"source": "url"}}

    assert sentry.nettoyer(route, {})["transaction"] == "/essai/{nom}"
    assert "transaction" not in sentry.nettoyer(chemin, {})


def test_sans_adresse_rien_ne_demarre() -> None:
    sentry.demarrer("")

    assert not sentry_sdk.get_client().is_active()
