"""The relay: hears the doorbell, finds the structure's waiting messages, hands them to the workers.

Redis may be down, flushed or restarted at any moment: a message leaves the outbox only when it is delivered, and its
lease expires by itself. When the broker refuses, the relay delivers by itself rather than wait.
"""

import logging
import time
from collections.abc import Callable
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from kombu.exceptions import OperationalError

from plateforme.outbox import services, tasks
from plateforme.tenancy.courant import PUBLIC, lier
from plateforme.tenancy.repertoire import repertoire

logger = logging.getLogger(__name__)

VEILLE_SECONDES = 5.0
BALAYAGE_SECONDES = 300.0
_LOT = 500
_A_SONNE = """
    DELETE FROM relais.sonnette WHERE id IN (
        SELECT id FROM relais.sonnette WHERE disponible_a <= now() ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING structure_id
"""


def connexion_d_ecoute() -> psycopg.Connection:
    """The relay's own connection, outside Django: it holds a LISTEN for its whole life."""
    base = settings.DATABASES["default"]
    parametres = {
        "dbname": connections["default"].settings_dict["NAME"],
        "user": base["USER"],
        "password": base["PASSWORD"],
        "host": base["HOST"],
        "port": base["PORT"],
    }
    connexion = psycopg.connect(
        **{cle: valeur for cle, valeur in parametres.items() if valeur}, autocommit=True, connect_timeout=5
    )
    connexion.execute("LISTEN treille_relais")
    return connexion


def tourner(continuer: Callable[[], bool]) -> None:
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
                balayer()
                balayer_a = time.monotonic() + BALAYAGE_SECONDES
            if not vider_la_sonnette(ecoute):
                for _ in ecoute.notifies(timeout=VEILLE_SECONDES, stop_after=1):
                    pass
        except (psycopg.Error, DatabaseError) as erreur:
            logger.warning("base injoignable", extra={"exception": type(erreur).__name__})
            if ecoute is not None:
                ecoute.close()
            ecoute = None
            close_old_connections()
            connections.close_all()
            time.sleep(1.0)


def vider_la_sonnette(ecoute: psycopg.Connection) -> int:
    """Take the rings that are due and serve their structures; the rings are given back if we die before the end."""
    with ecoute.transaction():
        lignes = ecoute.execute(_A_SONNE, [_LOT]).fetchall()
        for structure_id in dict.fromkeys(ligne[0] for ligne in lignes):
            servir(structure_id)
    return len(lignes)


def balayer() -> None:
    """Look into every active structure once."""
    with lier(PUBLIC):
        contextes = list(repertoire().actives())
    for contexte in contextes:
        if contexte.structure_id is not None:
            servir(contexte.structure_id)


def servir(structure_id: UUID) -> int:
    """Hand over what is ready in one structure; returns how many messages left."""
    with lier(PUBLIC):
        contexte = repertoire().par_id(structure_id)
    if contexte is None:
        return 0
    partis = 0
    with lier(contexte):
        for message in services.prochains():
            if services.reserver(message.pk):
                _remettre(message.pk)
                partis += 1
        echeance = services.prochaine_echeance()
        if echeance is not None:
            services.sonner(echeance)
    return partis


def _remettre(message_id: UUID) -> None:
    try:
        tasks.livrer.apply_async([str(message_id)], retry=False)
    except (OperationalError, OSError):
        services.livrer(message_id)
