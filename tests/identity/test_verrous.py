"""Guessing: counted in the base, before the secret is looked at, the same way for who exists and who does not."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connections
from redis.exceptions import ConnectionError as RedisAbsent

from plateforme.identity.services import secours, verrous
from plateforme.notifications.models import Notification
from plateforme.tenancy.courant import lier
from tests.identity.outils import code, premier
from tests.support.monde import MOT_DE_PASSE, Monde, client_de, compte

MIDI = datetime(2026, 11, 24, 11, 0, 0, tzinfo=UTC)


def se_tromper(client: Any, fois: int, identifiant: str = "alice") -> None:
    for _ in range(fois):
        premier(client, identifiant, "faux")


@time_machine.travel(MIDI, tick=False)
def test_deux_echecs_ne_ferment_rien_trois_ferment(monde: Monde) -> None:
    client = client_de(monde.a)
    se_tromper(client, 2)
    assert premier(client, "alice").status_code == 302

    se_tromper(client, 3)
    reponse = premier(client, "alice")

    assert reponse.status_code == 429
    assert (
        "attendez 60 secondes" in reponse.content.decode()
        or "attendez 61 secondes" in reponse.content.decode()
    )


@pytest.mark.parametrize(("secondes", "statut"), [(59, 429), (61, 302)])
def test_la_porte_se_rouvre_apres_une_minute(monde: Monde, secondes: int, statut: int) -> None:
    client = client_de(monde.a)
    with time_machine.travel(MIDI, tick=False):
        se_tromper(client, 3)

    with time_machine.travel(MIDI + timedelta(seconds=secondes), tick=False):
        assert premier(client, "alice").status_code == statut


@pytest.mark.parametrize(("secondes", "statut"), [(119, 429), (121, 302)])
def test_un_quatrieme_echec_ferme_deux_fois_plus_longtemps(monde: Monde, secondes: int, statut: int) -> None:
    client = client_de(monde.a)
    with time_machine.travel(MIDI, tick=False):
        se_tromper(client, 3)
    plus_tard = MIDI + timedelta(seconds=61)
    with time_machine.travel(plus_tard, tick=False):
        se_tromper(client, 1)

    with time_machine.travel(plus_tard + timedelta(seconds=secondes), tick=False):
        assert premier(client, "alice").status_code == statut


@time_machine.travel(MIDI, tick=False)
def test_un_inconnu_est_traite_comme_tout_le_monde(monde: Monde) -> None:
    def vu(identifiant: str) -> list[tuple[int, str]]:
        client = client_de(monde.a)
        reponses = [premier(client, identifiant, "faux") for _ in range(4)]
        propre = [
            re.sub(r'csrfmiddlewaretoken" value="[^"]+', "", r.content.decode()).replace(identifiant, "X")
            for r in reponses
        ]
        return list(zip([r.status_code for r in reponses], propre, strict=True))

    assert [statut for statut, _ in vu("alice")] == [422, 422, 422, 429]
    assert vu("idec") == vu("zzinconnue")


@time_machine.travel(MIDI, tick=False)
def test_les_codes_aussi_se_ferment_et_les_codes_de_secours_avec(monde: Monde) -> None:
    with lier(monde.a):
        codes = secours.renouveler(compte("alice"))
    client = client_de(monde.a)
    premier(client, "alice")
    for faux in ("000000", "abcd-abcd-abcd-abcd", "111111"):
        assert client.post("/connexion/code", {"code": faux}).status_code == 422

    assert client.post("/connexion/code", {"code": code()}).status_code == 429
    assert client.post("/connexion/code", {"code": codes[0]}).status_code == 429
    with lier(monde.a):
        assert secours.restants(compte("alice")) == 10


@time_machine.travel(MIDI, tick=False)
def test_une_adresse_qui_essaie_tout_le_monde_est_arretee(monde: Monde) -> None:
    client = client_de(monde.a)
    for n in range(15):
        assert premier(client, f"essai{n}", "faux").status_code == 422

    assert premier(client, "alice").status_code == 429
    autre = client_de(monde.a, REMOTE_ADDR="203.0.113.9")
    assert premier(autre, "alice").status_code == 302


@time_machine.travel(MIDI, tick=False)
def test_un_succes_n_efface_pas_les_essais_de_l_adresse(monde: Monde) -> None:
    client = client_de(monde.a)
    for n in range(14):
        premier(client, f"essai{n}", "faux")
    assert premier(client, "alice").status_code == 302

    premier(client, "essai15", "faux")

    assert premier(client, "alice").status_code == 429


@time_machine.travel(MIDI, tick=False)
def test_les_echecs_chez_a_ne_ferment_rien_chez_b(monde: Monde) -> None:
    se_tromper(client_de(monde.a), 3, "direction")

    assert premier(client_de(monde.b), "direction").status_code == 302


def test_au_troisieme_blocage_du_jour_la_direction_est_prevenue(monde: Monde) -> None:
    client, instant = client_de(monde.a), MIDI
    with time_machine.travel(instant, tick=False):
        se_tromper(client, 3)
    for attente in (61, 121):
        with lier(monde.a):
            assert not Notification.objects.exists()
        instant += timedelta(seconds=attente)
        with time_machine.travel(instant, tick=False):
            se_tromper(client, 1)

    with lier(monde.a):
        (avis,) = Notification.objects.all()
        assert avis.compte_id == compte("direction").pk
        assert avis.url == f"/equipe/{compte('alice').pk}"


def test_redis_en_panne_les_essais_restent_comptes(monde: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    ancien = caches["default"]
    monkeypatch.setitem(caches.settings["default"], "LOCATION", "unix:///nulle/part.sock?db=0")
    del caches["default"]
    try:
        with pytest.raises(RedisAbsent):
            caches["default"].get("x")
        client = client_de(monde.a)
        se_tromper(client, 3)
        assert premier(client, "alice").status_code == 429
        assert premier(client, "idec").status_code == 302
    finally:
        caches["default"] = ancien


def test_trente_essais_a_la_fois_ne_font_pas_plus_de_trois_verifications(base_a_part: str) -> None:
    """Counted by one statement: no crowd slips between the reading and the writing."""
    monde = Monde.charger()

    def essayer() -> bool:
        try:
            verrous.tenter(verrous.cle_d_identifiant("alice"))
        except verrous.TropDEssais:
            return False
        finally:
            connections.close_all()
        return True

    with lier(monde.a), ThreadPoolExecutor(8) as fils:
        passes = [f.result() for f in [fils.submit(copy_context().run, essayer) for _ in range(30)]]

    assert passes.count(True) == 3


def test_la_table_ne_dit_pas_qui_a_essaye(monde: Monde) -> None:
    premier(client_de(monde.a), "alice", "faux")

    with lier(monde.a):
        from plateforme.identity.models import Verrou

        cles = list(Verrou.objects.values_list("cle", flat=True))
    assert len(cles) == 2
    assert not any("alice" in cle or "127.0.0.1" in cle for cle in cles)


def test_une_impatience_pendant_le_blocage_ne_l_allonge_pas(monde: Monde) -> None:
    client = client_de(monde.a)
    with time_machine.travel(MIDI, tick=False):
        se_tromper(client, 3)
    with time_machine.travel(MIDI + timedelta(seconds=30), tick=False):
        assert premier(client, "alice", MOT_DE_PASSE).status_code == 429
    with time_machine.travel(MIDI + timedelta(seconds=61), tick=False):
        assert premier(client, "alice", MOT_DE_PASSE).status_code == 302
