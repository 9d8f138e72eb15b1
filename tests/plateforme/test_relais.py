"""The relay, with real processes: end to end, without broker, after a flush, next to a broken structure, on SIGTERM."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import redis
from django.db import connection, transaction

from config.lanceur.ephemere import valkey_ephemere
from config.lanceur.postgres import GrappePostgres
from config.lanceur.valkey import ServeurValkey
from plateforme.identity.services import avis
from plateforme.outbox import relais as module
from plateforme.outbox import services
from plateforme.outbox.models import Message, Traite
from plateforme.reseau.models import CompteReseau, MessageReseau, TraiteReseau
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from tests.plateforme.outils import attendre, consommateur, environnement, relais, travailleur
from tests.support.monde import Monde

# A genre with a real consumer, so that another process has something to do.
GENRE = "telegestion.pointage.recu"


@pytest.fixture
def valkey() -> Iterator[ServeurValkey]:
    with valkey_ephemere() as serveur:
        yield serveur


@pytest.fixture
def env(serveurs: GrappePostgres, base_a_part: str, valkey: ServeurValkey) -> dict[str, str]:
    return environnement(
        DATABASE_URL=serveurs.url("treille_app", base_a_part),
        DATABASE_DDL_URL=serveurs.url("treille_ddl", base_a_part),
        REDIS_URL=valkey.url(),
    )


def publier(contexte: Contexte, agregat: str = "intervention:1") -> UUID:
    with lier(contexte), transaction.atomic():
        return services.publier(GENRE, agregat, {"pointage": str(uuid4())}).pk


def etats(contexte: Contexte) -> list[str]:
    with lier(contexte):
        return list(Message.objects.order_by("pk").values_list("etat", flat=True))


def faits(contexte: Contexte) -> list[UUID]:
    with lier(contexte):
        return list(Traite.objects.order_by("traite_a", "pk").values_list("message_id", flat=True))


def sonnettes() -> int:
    with lier(PUBLIC), connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM relais.sonnette")
        return int(curseur.fetchone()[0])


def en_file(valkey: ServeurValkey) -> int:
    client = redis.Redis(unix_socket_path=str(valkey.socket))
    try:
        return int(client.llen("celery"))
    finally:
        client.close()


def test_de_bout_en_bout_par_le_relais_et_un_travailleur(
    env: dict[str, str], valkey: ServeurValkey, tmp_path: Path
) -> None:
    monde = Monde.charger()
    with relais(env, tmp_path):
        un = publier(monde.a)
        attendre(lambda: en_file(valkey) == 1, 15, "le message dans la file")
        assert etats(monde.a) == ["a_livrer"]  # the relay left it to the workers
        with travailleur(env, tmp_path):
            attendre(lambda: etats(monde.a) == ["livre"], 20, "le premier message")
            depart = time.monotonic()
            deux, trois = publier(monde.a), publier(monde.a)
            chez_b = publier(monde.b)
            attendre(
                lambda: etats(monde.a) == ["livre"] * 3 and etats(monde.b) == ["livre"], 10, "les suivants"
            )
            duree = time.monotonic() - depart

    assert faits(monde.a) == [un, deux, trois]
    assert faits(monde.b) == [chez_b]
    assert duree < 3


def test_sans_file_le_relais_livre_lui_meme(
    env: dict[str, str], valkey: ServeurValkey, tmp_path: Path
) -> None:
    monde = Monde.charger()
    valkey.arreter()

    with relais(env, tmp_path):
        attendus = [publier(monde.a) for _ in range(5)]
        attendre(lambda: etats(monde.a) == ["livre"] * 5, 20, "la livraison par le relais")

    assert faits(monde.a) == attendus


def test_le_relais_s_arrete_aussitot(env: dict[str, str], tmp_path: Path) -> None:
    with relais(env, tmp_path) as service:
        a = Monde.charger().a
        publier(a)
        attendre(lambda: sonnettes() == 1 and _bail_pris(a), 15, "le relais au travail")
        depart = time.monotonic()

        assert service.processus is not None
        service.processus.send_signal(signal.SIGTERM)
        code = service.processus.wait(10)

        assert time.monotonic() - depart < 2
        assert code == 0


def _bail_pris(contexte: Contexte) -> bool:
    with lier(contexte):
        return not services.prochains()


def test_un_relais_coupe_de_la_base_se_relie(
    serveurs: GrappePostgres, base_a_part: str, env: dict[str, str], valkey: ServeurValkey, tmp_path: Path
) -> None:
    a = Monde.charger().a
    with relais(env, tmp_path) as service:
        publier(a)
        attendre(lambda: en_file(valkey) == 1, 15)
        connection.close()
        with psycopg.connect(serveurs.url("postgres", "postgres"), autocommit=True) as maitre:
            coupes = maitre.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
                [base_a_part],
            ).fetchone()
        assert coupes == (2,)  # the ear and the hand of the relay
        publier(a, "intervention:2")

        attendre(lambda: en_file(valkey) == 2, 15, "le second message")
        assert service.processus is not None
        assert service.processus.poll() is None


@pytest.fixture
def file_locale(settings: Any, valkey: ServeurValkey) -> Iterator[ServeurValkey]:
    """This process sends its tasks to the test's own broker."""
    from config.celery import app

    avant = app.conf.broker_url
    app.conf.broker_url = valkey.url().replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    app._pool = app.amqp._producer_pool = None
    yield valkey
    app.conf.broker_url = avant
    app._pool = app.amqp._producer_pool = None


def _ecoute() -> psycopg.Connection:
    with lier(PUBLIC):
        return module.connexion_d_ecoute()


def test_une_file_videe_est_guerie_par_le_bail(base_a_part: str, file_locale: ServeurValkey) -> None:
    a = Monde.charger().a
    publier(a)
    with _ecoute() as ecoute:
        module.vider_la_sonnette(ecoute)
        assert en_file(file_locale) == 1
        redis.Redis(unix_socket_path=str(file_locale.socket)).flushall()
        module.balayer(ecoute)
        assert en_file(file_locale) == 0  # the lease still runs

        with lier(a):
            services.liberer(list(Message.objects.values_list("pk", flat=True)))  # as when it has run out
        module.balayer(ecoute)

    assert en_file(file_locale) == 1


def test_ce_qui_attend_laisse_une_seule_sonnette(base_a_part: str, file_locale: ServeurValkey) -> None:
    a = Monde.charger().a
    for _ in range(6):
        publier(a)
    with _ecoute() as ecoute:
        for _ in range(4):
            module.vider_la_sonnette(ecoute)
            module.balayer(ecoute)

    assert sonnettes() == 1
    assert en_file(file_locale) == 1


def test_plus_de_cent_messages_partent_d_un_coup(base_a_part: str, file_locale: ServeurValkey) -> None:
    a = Monde.charger().a
    with lier(a), transaction.atomic():
        for rang in range(130):
            services.publier(GENRE, f"intervention:{rang}", {"pointage": str(uuid4())})
    assert a.structure_id is not None

    assert module.servir(a.structure_id) == 130
    assert en_file(file_locale) == 130


def test_une_structure_n_inonde_pas_la_file(
    base_a_part: str, file_locale: ServeurValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EN_VOL_MAX", 30)
    a = Monde.charger().a
    with lier(a), transaction.atomic():
        for rang in range(50):
            services.publier(GENRE, f"intervention:{rang}", {"pointage": str(uuid4())})

    with _ecoute() as ecoute:
        module.vider_la_sonnette(ecoute)
        module.balayer(ecoute)
        assert en_file(file_locale) == 30
        with lier(a):
            premiers = list(Message.objects.order_by("pk").values_list("pk", flat=True)[:10])
            livres = [services.livrer(cle) for cle in premiers]
        module.balayer(ecoute)

    assert livres == [True] * 10
    assert en_file(file_locale) == 40
    assert sonnettes() == 1  # the rest is called for again in a second


def test_une_structure_cassee_n_arrete_pas_les_autres(
    serveurs: GrappePostgres, base_a_part: str, file_locale: ServeurValkey
) -> None:
    monde = Monde.charger()
    publier(monde.a)
    publier(monde.b)
    with psycopg.connect(serveurs.url("treille_ddl", base_a_part), autocommit=True) as ddl:
        ddl.execute(f'ALTER TABLE "{monde.a.schema}".outbox_message RENAME TO perdue')

    with _ecoute() as ecoute:
        module.vider_la_sonnette(ecoute)
        a_rappeler = ecoute.execute(
            "SELECT structure_id, disponible_a > now() + interval '50 seconds' FROM relais.sonnette ORDER BY 2 DESC"
        ).fetchall()

    assert en_file(file_locale) == 1
    assert (monde.a.structure_id, True) in a_rappeler


def test_un_arret_rend_les_sonnettes_et_les_baux(base_a_part: str, file_locale: ServeurValkey) -> None:
    a = Monde.charger().a
    publier(a)
    with _ecoute() as ecoute, pytest.raises(module._Arret):
        module.vider_la_sonnette(ecoute, lambda: False)

    assert sonnettes() == 1
    with lier(a):
        assert len(services.prochains()) == 1
    assert en_file(file_locale) == 0


def test_une_file_qui_refuse_n_est_pas_essayee_a_chaque_message(
    base_a_part: str, file_locale: ServeurValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_sans_file_jusqu_a", 0.0)
    a = Monde.charger().a
    for rang in range(20):
        publier(a, f"intervention:{rang}")
    file_locale.arreter()
    recus: list[Any] = []
    assert a.structure_id is not None

    depart = time.monotonic()
    with consommateur(GENRE, recus.append):
        assert module.servir(a.structure_id) == 20

    assert len(recus) == 20
    assert time.monotonic() - depart < 8


def test_les_options_de_la_base_valent_aussi_pour_l_ecoute(
    base_a_part: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {"application_name": "ecoute-essai"})

    with _ecoute() as ecoute:
        assert ecoute.execute("SHOW application_name").fetchone() == ("ecoute-essai",)


def test_le_reseau_a_sa_propre_boite(env: dict[str, str], valkey: ServeurValkey, tmp_path: Path) -> None:
    """A letter to somebody of the network leaves like those of the structures, and only from the network's outbox."""
    monde = Monde.charger()
    with lier(PUBLIC):
        paule = CompteReseau.objects.get(identifiant="paule")
        paule.courriel = "paule@essai.example"
        paule.save(update_fields=["courriel"])
    with (
        relais({**env, "TREILLE_DATA": str(tmp_path)}, tmp_path),
        travailleur({**env, "TREILLE_DATA": str(tmp_path)}, tmp_path),
    ):
        with lier(PUBLIC), transaction.atomic():
            avis.ecrire(paule.pk, "avis", titre="Trois structures attendent leur certificat", detail="")
        attendre(_reseau_livre, 20, "la lettre du réseau")
        lettres = attendre(lambda: list((tmp_path / "courriels").glob("*")), 5, "le courriel")

    with lier(PUBLIC):
        assert TraiteReseau.objects.filter(consommateur="identity.courriels").count() == 1
    assert etats(monde.a) == etats(monde.b) == []
    assert len(lettres) == 1
    assert "paule@essai.example" in lettres[0].read_text("utf-8")


def _reseau_livre() -> bool:
    with lier(PUBLIC):
        return list(MessageReseau.objects.values_list("etat", flat=True)) == ["livre"]
