"""The relay: hears the doorbell, finds the structure's waiting messages, hands them to the workers.

Redis may be down, flushed or restarted at any moment: a message leaves the outbox only when it is delivered, and its
lease expires by itself. When the broker refuses, the relay delivers by itself rather than wait.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections
from django.db.models import Count, Min, Q
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from plateforme.core.clock import now
from plateforme.outbox import services, tasks
from plateforme.outbox.base import EtatMessage
from plateforme.outbox.modeles import RESEAU, boite
from plateforme.tenancy.courant import PUBLIC, Contexte, exiger_courant, lier
from plateforme.tenancy.repertoire import repertoire

logger = logging.getLogger(__name__)

VEILLE_SECONDES = 1.0
BALAYAGE_SECONDES = 300.0
SANS_FILE_SECONDES = 5.0
REPOS_SECONDES = 60
_LOT = 100
# Handed over at once in one structure: more would wait in the file past their lease and be handed over again.
EN_VOL_MAX = 500
_A_SONNE = """
    DELETE FROM relais.sonnette WHERE id IN (
        SELECT id FROM relais.sonnette WHERE disponible_a <= now() ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING structure_id
"""
# One waiting ring a structure is enough. Never at once: with two clocks that differ the relay would turn in a circle.
_RAPPELER = """
    INSERT INTO relais.sonnette (structure_id, disponible_a)
    SELECT %(structure)s, quand FROM (SELECT greatest(%(quand)s, now() + interval '1 second') AS quand) AS rappel
    WHERE NOT EXISTS (SELECT 1 FROM relais.sonnette WHERE structure_id = %(structure)s AND disponible_a <= quand)
"""
_OPTIONS_DE_DJANGO = {
    "pool",
    "assume_role",
    "isolation_level",
    "server_side_binding",
    "cursor_factory",
    "context",
}

Continuer = Callable[[], bool]
_sans_file_jusqu_a = 0.0


class _Arret(Exception):
    """Told to stop between two messages: the rings in hand are given back."""


def connexion_d_ecoute() -> psycopg.Connection:
    """The relay's own connection, outside Django: it holds a LISTEN for its whole life."""
    base = settings.DATABASES["default"]
    parametres: dict[str, Any] = {
        "dbname": connections["default"].settings_dict["NAME"],
        "user": base["USER"],
        "password": base["PASSWORD"],
        "host": base["HOST"],
        "port": base["PORT"],
        # Without them a server that vanished is waited for a quarter of an hour.
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "tcp_user_timeout": 10_000,
        **{c: v for c, v in base.get("OPTIONS", {}).items() if c not in _OPTIONS_DE_DJANGO},
    }
    connexion = psycopg.connect(
        **{cle: valeur for cle, valeur in parametres.items() if valeur not in ("", None)}, autocommit=True
    )
    connexion.execute("LISTEN treille_relais")
    return connexion


def tourner(continuer: Continuer) -> None:
    """Until told to stop: ring, deliver, wait. Survives the loss of the database and of Redis."""
    ecoute: psycopg.Connection | None = None
    balayer_a = 0.0
    while continuer():
        try:
            if ecoute is None or ecoute.closed:
                ecoute = connexion_d_ecoute()
                balayer_a = 0.0
            if time.monotonic() >= balayer_a:
                # Heals whatever the doorbell missed: a kill between two steps, a lease that ran out.
                balayer(ecoute, continuer)
                balayer_a = time.monotonic() + BALAYAGE_SECONDES
            if not vider_la_sonnette(ecoute, continuer):
                for _ in ecoute.notifies(timeout=VEILLE_SECONDES, stop_after=1):
                    pass
        except _Arret:
            break
        except (psycopg.Error, DatabaseError, InterfaceError) as erreur:
            logger.warning("base injoignable", extra={"exception": type(erreur).__name__})
            if ecoute is not None:
                ecoute.close()
            ecoute = None
            connections.close_all()
            time.sleep(VEILLE_SECONDES)
    if ecoute is not None:
        ecoute.close()


def vider_la_sonnette(ecoute: psycopg.Connection, continuer: Continuer = lambda: True) -> int:
    """Take the rings that are due and serve their structures; the rings are given back if we die before the end."""
    with ecoute.transaction():
        lignes = ecoute.execute(_A_SONNE, [_LOT]).fetchall()
        for structure_id in dict.fromkeys(ligne[0] for ligne in lignes):
            _servir_et_rappeler(ecoute, structure_id, continuer)
    return len(lignes)


def balayer(ecoute: psycopg.Connection, continuer: Continuer = lambda: True) -> None:
    """Look into the network's own outbox and into every active structure once."""
    with lier(PUBLIC):
        contextes = list(repertoire().actives())
    for structure_id in [RESEAU, *_ids(contextes)]:
        _servir_et_rappeler(ecoute, structure_id, continuer)


def _ids(contextes: list[Contexte]) -> list[UUID]:
    return [contexte.structure_id for contexte in contextes if contexte.structure_id is not None]


def _servir_et_rappeler(ecoute: psycopg.Connection, structure_id: UUID, continuer: Continuer) -> None:
    """A structure that fails is left to rest: it must not keep the others from being served."""
    try:
        servir(structure_id, continuer)
        echeance = _echeance(structure_id)
    except (OperationalError, InterfaceError):
        raise  # the base itself is away
    except DatabaseError as erreur:
        logger.exception("structure en échec", extra={"exception": type(erreur).__name__})
        ecoute.execute(
            "INSERT INTO relais.sonnette (structure_id, disponible_a) VALUES (%s, now() + %s * interval '1 second')",
            [structure_id, REPOS_SECONDES],
        )
        return
    if echeance is not None:
        ecoute.execute(_RAPPELER, {"structure": structure_id, "quand": echeance})


def _contexte_servi(structure_id: UUID) -> Contexte | None:
    """A suspended or closed structure keeps its messages; they leave when it opens again."""
    if structure_id == RESEAU:
        return PUBLIC
    with lier(PUBLIC):
        contexte = repertoire().par_id(structure_id)
    return contexte if contexte is not None and contexte.etat == "active" else None


def servir(structure_id: UUID, continuer: Continuer = lambda: True) -> int:
    """Hand over what is ready in one structure; returns how many messages left."""
    contexte = _contexte_servi(structure_id)
    if contexte is None:
        return 0
    partis = 0
    with lier(contexte):
        place = EN_VOL_MAX - services.en_vol()
        while place > 0:
            lot = [m.pk for m in services.prochains(min(place, _LOT)) if services.reserver(m.pk)]
            if not lot:
                break
            for rang, message_id in enumerate(lot):
                if not continuer():
                    services.liberer(lot[rang:])
                    raise _Arret
                _remettre(message_id)
            partis += len(lot)
            place -= len(lot)
    return partis


def _echeance(structure_id: UUID) -> Any:
    contexte = _contexte_servi(structure_id)
    if contexte is None:
        return None
    with lier(contexte):
        return services.prochaine_echeance()


def _remettre(message_id: UUID) -> None:
    """To a worker; by ourselves when the broker refuses, and for a moment after, rather than wait for it each time."""
    global _sans_file_jusqu_a  # noqa: PLW0603 - one breaker per process
    if time.monotonic() >= _sans_file_jusqu_a:
        try:
            tache = tasks.livrer if exiger_courant().est_une_structure else tasks.livrer_au_reseau
            tache.apply_async([str(message_id)], retry=False)
        except (KombuError, RedisError, OSError) as erreur:
            logger.warning("file de tâches injoignable", extra={"exception": type(erreur).__name__})
            _sans_file_jusqu_a = time.monotonic() + SANS_FILE_SECONDES
        else:
            return
    services.livrer(message_id)


def purger() -> None:
    """The network and every active structure forget what has served; one that fails does not stop the rest."""
    with lier(PUBLIC):
        contextes = list(repertoire().actives())
    for contexte in [PUBLIC, *contextes]:
        try:
            with lier(contexte):
                services.purger()
        except (OperationalError, InterfaceError):
            raise
        except DatabaseError as erreur:
            logger.exception("structure en échec", extra={"exception": type(erreur).__name__})


@dataclass(frozen=True, slots=True)
class EtatDesBoites:
    """``sonnettes``: rings due and not yet heard, ``retard``: age of the oldest in seconds. The rest is a sample."""

    sonnettes: int
    retard: float
    structures: int
    a_livrer: int
    morts: int
    plus_ancien: float


def etat_des_boites(echantillon: int = 20) -> EtatDesBoites:
    """What waits, read through the doorbell, then in at most ``echantillon`` structures: those that ring first."""
    with lier(PUBLIC):
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT count(*), coalesce(extract(epoch FROM now() - min(disponible_a)), 0)::float"
                " FROM relais.sonnette WHERE disponible_a <= now()"
            )
            sonnettes, retard = curseur.fetchone()
            curseur.execute(
                "SELECT structure_id FROM relais.sonnette GROUP BY structure_id"
                " ORDER BY min(disponible_a) LIMIT %s",
                [echantillon],
            )
            qui_sonnent = [ligne[0] for ligne in curseur.fetchall()]
        actives = _ids(list(repertoire().actives()))
        choisies = list(dict.fromkeys([*qui_sonnent, *actives]))[:echantillon]
        contextes = [c for c in map(_contexte_servi, choisies) if c is not None]
    a_livrer = morts = 0
    plus_ancien = now()
    for contexte in contextes:
        with lier(contexte):
            compte = boite()[0].objects.aggregate(
                a_livrer=Count("pk", filter=Q(etat=EtatMessage.A_LIVRER)),
                morts=Count("pk", filter=Q(etat=EtatMessage.MORT)),
                ancien=Min("cree_a", filter=Q(etat=EtatMessage.A_LIVRER)),
            )
        a_livrer += compte["a_livrer"]
        morts += compte["morts"]
        plus_ancien = min(plus_ancien, compte["ancien"] or plus_ancien)
    age = max(0.0, (now() - plus_ancien).total_seconds()) if a_livrer else 0.0
    return EtatDesBoites(sonnettes, retard, len(contextes), a_livrer, morts, age)


def mesures() -> list[tuple[dict[str, str], float]]:
    """The same, as a family of ``/metrics``."""
    etat = etat_des_boites()
    return [
        ({"mesure": "sonnettes_en_attente"}, etat.sonnettes),
        ({"mesure": "retard_de_sonnette_secondes"}, etat.retard),
        ({"mesure": "structures_visitees"}, etat.structures),
        ({"mesure": "messages_a_livrer"}, etat.a_livrer),
        ({"mesure": "messages_morts"}, etat.morts),
        ({"mesure": "age_du_plus_ancien_secondes"}, etat.plus_ancien),
    ]
