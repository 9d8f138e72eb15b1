"""While phones badge, every process of the product is killed: no acknowledged badge is lost, none counts twice."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import redis
from psycopg import sql

from config.lanceur.postgres import GrappePostgres
from config.lanceur.service import Service
from config.lanceur.signaux import Signaux
from config.lanceur.superviseur import Superviseur
from config.lanceur.valkey import ServeurValkey
from tests.pannes.telephone import Telephone
from tests.plateforme.outils import RACINE, TRAVAILLEUR, environnement
from tests.support.monde import MOT_DE_PASSE

PORT = 18520
GRAINE = 20261124
VISITES = 13  # per phone, two badges each, six phones: 156 badges


class Produit:
    """The product's real processes, under the launcher's own supervisor."""

    def __init__(self, dossier: Path, signaux: Signaux) -> None:
        self.dossier = dossier
        self.dits: list[str] = []
        self.signaux = signaux
        self.superviseur = Superviseur(dossier, signaux, self.dits.append, attente_initiale=0.2)
        self.grappe = GrappePostgres(dossier / "postgres", durable=True)
        self.valkey = ServeurValkey(dossier / "valkey", durable=True)
        self.superviseur.demarrer(self.grappe)
        self.superviseur.demarrer(self.valkey)
        self.env = environnement(
            DJANGO_SETTINGS_MODULE="tests.pannes.reglages",
            DATABASE_URL=self.grappe.url("treille_app"),
            DATABASE_DDL_URL=self.grappe.url("treille_ddl"),
            REDIS_URL=self.valkey.url(),
            TREILLE_DATA=str(dossier),
            TREILLE_PORT=str(PORT),
        )

    def executer(self, *commande: str) -> str:
        fini = subprocess.run(
            [sys.executable, *commande],
            cwd=RACINE,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert fini.returncode == 0, fini.stderr[-2000:]
        return fini.stdout

    def ouvrir(self) -> None:
        granian = (
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--no-ws",
            "--host",
            "127.0.0.1",
            "--port",
            str(PORT),
        )
        reglages = ("--workers", "2", "--blocking-threads", "2", "--respawn-failed-workers")
        self.web = self._service("web", *granian, *reglages, "config.wsgi:application")
        self.taches = self._service("taches", *TRAVAILLEUR, "--pool", "prefork", "--concurrency", "1")
        self.relais = self._service("relais", "manage.py", "relayer")

    def _service(self, nom: str, *commande: str) -> Service:
        journal = self.dossier / f"{nom}.log"
        service = Service(nom, nom, [sys.executable, *commande], env=self.env, cwd=RACINE, journal=journal)
        self.superviseur.demarrer(service)
        return service

    def veiller(self, jusqua: Callable[[], bool], delai: float) -> bool:
        return self.superviseur.surveiller(jusqua=jusqua, delai=delai)

    def interroger(self, requete: str, schema: str = "public") -> list[tuple[Any, ...]]:
        """As the superuser, outside the product. An answer that does not come is an error, never an empty list."""
        with psycopg.connect(self.grappe.url("postgres"), connect_timeout=5) as lien:
            lien.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
            return lien.execute(requete.encode()).fetchall()

    # -- what happens to it ---------------------------------------------------------------------------------

    def tuer(self, enfant: Any) -> None:
        assert enfant.processus is not None
        if enfant is self.web:  # its own children die with it, requests in hand
            os.killpg(enfant.processus.pid, signal.SIGKILL)
        else:
            os.kill(enfant.processus.pid, signal.SIGKILL)
        enfant.processus.wait(10)

    def tuer_un_serveur_web(self) -> None:
        """One of granian's own workers: a child of a process that we started."""
        assert self.web.processus is not None
        pid = self.web.processus.pid
        enfants = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if enfants:
            os.kill(int(enfants[-1]), signal.SIGKILL)

    def vider_la_file(self) -> None:
        client = redis.Redis(unix_socket_path=str(self.valkey.socket), socket_timeout=5)
        try:
            client.flushall()
        except redis.RedisError:
            pass  # it is being restarted: nothing left to flush
        finally:
            client.close()


@pytest.fixture
def produit(tmp_path: Path) -> Iterator[Produit]:
    with Signaux() as signaux:
        produit = Produit(tmp_path, signaux)
        try:
            yield produit
        finally:
            produit.superviseur.arreter()
            produit.grappe.detruire()


def telephones_de(monde: dict[str, Any]) -> list[Telephone]:
    """Two phones of each intervenant, half of the visits each."""
    moities = [
        (slug, qui, structure["secours"][qui][bool(debut) :: 2], visites[debut : debut + VISITES])
        for slug, structure in monde.items()
        for qui, visites in structure["visites"].items()
        for debut in (0, VISITES)
    ]
    return [
        Telephone(f"{slug}.localhost", PORT, qui, MOT_DE_PASSE, codes, visites, graine=GRAINE + rang)
        for rang, (slug, qui, codes, visites) in enumerate(moities)
    ]


def pannes(produit: Produit) -> list[tuple[str, Callable[[], None]]]:
    """Everything twice, but the flush: in an order drawn from the seed."""
    toutes: list[tuple[str, Callable[[], None]]] = [
        ("serveur web", lambda: produit.tuer(produit.web)),
        ("travailleur", lambda: produit.tuer(produit.taches)),
        ("relais", lambda: produit.tuer(produit.relais)),
        ("PostgreSQL", lambda: produit.tuer(produit.grappe)),
        ("Valkey", lambda: produit.tuer(produit.valkey)),
    ]
    tirees = [
        *toutes,
        *toutes,
        ("un fils du web", produit.tuer_un_serveur_web),
        ("FLUSHALL", produit.vider_la_file),
    ]
    random.Random(GRAINE).shuffle(tirees)
    return tirees


@pytest.mark.panne
def test_aucun_badge_acquitte_ne_se_perd_ni_ne_compte_deux_fois(produit: Produit) -> None:
    depart = time.monotonic()
    produit.executer("manage.py", "amorcer")
    monde = json.loads(produit.executer("-m", "tests.pannes.semer", str(2 * VISITES)))
    produit.ouvrir()
    telephones = telephones_de(monde)
    total = sum(2 * len(t.visites) for t in telephones)
    fils = [threading.Thread(target=t.vivre, daemon=True) for t in telephones]

    def acquis() -> int:
        return sum(len(t.acquis) for t in telephones)

    def finis() -> bool:
        return not any(fil.is_alive() for fil in fils)

    for fil in fils:
        fil.start()
    prevues = pannes(produit)
    faites = []
    for rang, (nom, casser) in enumerate(prevues, start=1):
        seuil = total * rang // (len(prevues) + 2)
        assert produit.veiller(lambda seuil=seuil: finis() or acquis() >= seuil, 60), (nom, produit.dits)
        if finis():
            break
        casser()
        faites.append(nom)
    assert produit.veiller(finis, 60), produit.dits

    assert [t.erreur for t in telephones if t.erreur] == []
    assert len(faites) == len(prevues) == 12
    assert acquis() == total == 156
    assert sum(t.reprises for t in telephones) > 0  # the phones did feel it
    schemas = {slug: structure["schema"] for slug, structure in monde.items()}
    vide = produit.veiller(lambda: all(_draine(produit, schema) for schema in schemas.values()), 30)
    assert vide, [produit.interroger(ETATS, schema) for schema in schemas.values()]
    for slug, schema in schemas.items():
        verifier(produit, schema, [t for t in telephones if t.hote.startswith(slug)])
    assert time.monotonic() - depart < 90


ETATS = "SELECT etat, count(*) FROM outbox_message GROUP BY etat"


def _draine(produit: Produit, schema: str) -> bool:
    etats = dict(produit.interroger(ETATS, schema))
    return set(etats) == {"livre"} and etats["livre"] > 0


def verifier(produit: Produit, schema: str, telephones: list[Telephone]) -> None:
    """Invariants over what was acknowledged, read from outside."""
    acquis = {UUID(cle): genre for t in telephones for cle, genre in t.acquis.items()}
    arrivees = {cle for cle, genre in acquis.items() if genre == "badge.debut"}
    assert len(acquis) > 0

    recus = produit.interroger("SELECT id, verdict FROM terrain_evenementterrain", schema)
    assert Counter(cle for cle, _ in recus) == Counter(acquis.keys())
    assert {verdict for _, verdict in recus} == {"accepte"}
    assert produit.interroger("SELECT count(*) FROM terrain_evenementendouble", schema) == [(0,)]

    pointages = produit.interroger("SELECT id, intervention_id, sens FROM telegestion_pointage", schema)
    assert Counter(cle for cle, _, _ in pointages) == Counter(acquis.keys())
    assert max(Counter((visite, sens) for _, visite, sens in pointages).values()) == 1

    messages = produit.interroger(
        "SELECT id, (contenu->>'pointage')::uuid, etat FROM outbox_message WHERE genre = 'telegestion.pointage.recu'",
        schema,
    )
    assert Counter(pointage for _, pointage, _ in messages) == Counter(acquis.keys())
    assert {etat for _, _, etat in messages} == {"livre"}
    traites = produit.interroger(
        "SELECT message_id FROM outbox_traite WHERE consommateur = 'telegestion.retard'", schema
    )
    assert Counter(cle for (cle,) in traites) == Counter(cle for cle, _, _ in messages)

    # The effect itself: the responsable hears of each late arrival once.
    d_une_arrivee = {cle for cle, pointage, _ in messages if pointage in arrivees}
    # What an account is told of its own sign-ins has no origin.
    prevenus = produit.interroger(
        "SELECT origine FROM notifications_notification WHERE origine IS NOT NULL", schema
    )
    assert Counter(cle for (cle,) in prevenus) == Counter(d_une_arrivee)
