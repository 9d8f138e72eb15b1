"""Probes and figures: alive without a base, ready without a cache, counted for who may count."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection, connections, transaction
from django.test import RequestFactory
from django.urls import path

from config.lanceur.ephemere import valkey_ephemere
from plateforme.core.clock import now
from plateforme.observability import metriques, sante
from plateforme.outbox import services
from plateforme.outbox.models import Message
from plateforme.reseau.models import Travail
from plateforme.tenancy.courant import PUBLIC, lier
from tests.support.monde import Monde, client_de

urlpatterns = [path("livez", sante.livez), path("readyz", sante.readyz), path("metrics", metriques.metrics)]


@pytest.fixture(autouse=True)
def site(settings: Any, tmp_path: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.ROOT_URLCONF = settings.URLCONF_STRUCTURE = "tests.plateforme.test_sante"


@pytest.fixture
def sans_base(serveurs: Any, django_db_blocker: Any) -> Iterator[None]:
    """The base does not answer: its socket is elsewhere."""
    with django_db_blocker.unblock():
        connections["default"].close()
        avant = connections["default"].settings_dict["HOST"]
        connections["default"].settings_dict["HOST"] = "/nulle/part"
        yield
        connections["default"].close()
        connections["default"].settings_dict["HOST"] = avant


@pytest.fixture
def sans_cache(settings: Any) -> Iterator[None]:
    """A server that was there and is no longer."""
    with valkey_ephemere() as ailleurs:
        adresse = ailleurs.url()
    avant = settings.CACHES["default"]["LOCATION"]
    _viser(adresse)
    yield
    _viser(avant)


def _viser(adresse: str) -> None:
    caches.settings["default"]["LOCATION"] = adresse
    with contextlib.suppress(AttributeError):
        del caches["default"]


def test_le_processus_est_vivant_sans_base(sans_base: None, sans_cache: None) -> None:
    reponse = client_de(None).get("/livez")

    assert (reponse.status_code, reponse.content) == (200, b"ok")


def test_une_sonde_qui_porte_un_biscuit_de_session_passe_aussi(sans_base: None) -> None:
    client = client_de(None)
    client.cookies["treille_session"] = "x" * 32

    assert client.get("/livez").status_code == 200


def test_pret_quand_tout_repond(db: None) -> None:
    reponse = client_de(None).get("/readyz")

    assert (reponse.status_code, reponse.json()) == (200, {"base": "ok", "cache": "ok"})


def test_pas_pret_sans_base(sans_base: None) -> None:
    reponse = client_de(None).get("/readyz")

    assert (reponse.status_code, reponse.json()) == (503, {"base": "absente", "cache": "ok"})


def test_pret_sans_cache_et_le_dit(db: None, sans_cache: None) -> None:
    reponse = client_de(None).get("/readyz")

    assert (reponse.status_code, reponse.json()) == (200, {"base": "ok", "cache": "absent, service ralenti"})


# -- figures -------------------------------------------------------------------------------------------------


def lire() -> dict[str, float]:
    reponse = client_de(None).get("/metrics")
    assert reponse.status_code == 200
    assert reponse.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lignes = [ligne for ligne in reponse.content.decode().splitlines() if not ligne.startswith("#")]
    return {nom: float(valeur) for nom, _, valeur in (ligne.rpartition(" ") for ligne in lignes)}


def test_les_boites_d_envoi_se_comptent(monde: Monde) -> None:
    with lier(monde.a), transaction.atomic():
        for rang in range(3):
            services.publier("essai", f"usager:{rang}", {})
        mort = Message.objects.order_by("pk")[0]
        Message.objects.filter(pk=mort.pk).update(etat="mort")
        Message.objects.exclude(pk=mort.pk).update(cree_a=now() - timedelta(seconds=100))
    with lier(PUBLIC), connection.cursor() as curseur:
        curseur.execute("UPDATE relais.sonnette SET disponible_a = now() - interval '40 seconds'")

    vues = lire()

    assert vues['treille_outbox{mesure="sonnettes_en_attente"}'] == 3
    assert 40 <= vues['treille_outbox{mesure="retard_de_sonnette_secondes"}'] < 60
    assert vues['treille_outbox{mesure="structures_visitees"}'] == 2
    assert vues['treille_outbox{mesure="messages_a_livrer"}'] == 2
    assert vues['treille_outbox{mesure="messages_morts"}'] == 1
    assert 100 <= vues['treille_outbox{mesure="age_du_plus_ancien_secondes"}'] < 120
    assert vues["treille_processus_secondes"] > 0


def test_les_travaux_se_comptent(monde: Monde) -> None:
    Travail.objects.create(genre="flotte", titre="x", etat="en_cours")
    Travail.objects.create(genre="flotte", titre="x", etat="fini")

    vues = lire()

    assert vues['treille_travaux{etat="en_cours"}'] == 1
    assert vues['treille_travaux{etat="en_attente"}'] == 0


def test_aucune_structure_n_est_nommee(monde: Monde) -> None:
    with lier(monde.a), transaction.atomic():
        services.publier("essai", "usager:1", {})

    texte = client_de(None).get("/metrics").content.decode()

    assert [mot for mot in ("alpha", monde.a.schema, str(monde.a.structure_id)) if mot in texte] == []


def test_une_famille_illisible_ne_cache_pas_les_autres(monde: Monde) -> None:
    from django.db import OperationalError

    def tomber() -> Any:
        raise OperationalError

    metriques.mesurer("aaa_essai", "Essai.", tomber)
    try:
        vues = lire()
    finally:
        del metriques._familles["aaa_essai"]

    assert "treille_processus_secondes" in vues


@pytest.mark.parametrize(
    ("jeton", "meta", "statut"),
    [
        ("", {"REMOTE_ADDR": "127.0.0.1"}, 200),
        ("", {"REMOTE_ADDR": "192.0.2.7"}, 403),
        ("", {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 403),
        ("secret", {"REMOTE_ADDR": "127.0.0.1"}, 403),
        ("secret", {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer secret"}, 200),
        ("secret", {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer secreT"}, 403),
        ("secret", {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer "}, 403),
    ],
)
def test_les_chiffres_ne_sont_que_pour_l_exploitant(
    monde: Monde, settings: Any, jeton: str, meta: dict[str, str], statut: int
) -> None:
    settings.TREILLE_METRIQUES_JETON = jeton

    assert metriques.metrics(RequestFactory().get("/metrics", **meta)).status_code == statut
