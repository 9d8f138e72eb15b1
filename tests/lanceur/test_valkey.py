import os
import signal

import pytest
import redis

from config.lanceur.ephemere import valkey_ephemere
from config.lanceur.valkey import ServeurValkey


def client(serveur):
    return redis.Redis.from_url(serveur.url(), decode_responses=True)


def test_le_serveur_repond_sur_sa_socket_et_nulle_part_ailleurs():
    with valkey_ephemere() as serveur, client(serveur) as valkey:
        assert valkey.ping() is True
        assert valkey.config_get("port") == {"port": "0"}
        assert oct(serveur.socket.stat().st_mode & 0o777) == "0o700"


def test_rien_ne_reste_d_un_serveur_ephemere():
    with valkey_ephemere() as serveur:
        dossier, processus = serveur.dossier, serveur.processus

    assert processus.poll() == 0
    assert not dossier.exists()


@pytest.mark.panne
def test_ce_qui_est_ecrit_survit_a_kill_9(dossier):
    serveur = ServeurValkey(dossier / "valkey")
    serveur.demarrer()
    with client(serveur) as valkey:
        valkey.set("tournee", "à garder")
    os.kill(serveur.processus.pid, signal.SIGKILL)
    serveur.processus.wait()

    with ServeurValkey(dossier / "valkey") as suivant, client(suivant) as valkey:
        assert valkey.get("tournee") == "à garder"


def test_un_chemin_trop_long_pour_une_socket_est_raccourci(dossier):
    profond = dossier / ("d" * 60) / ("e" * 60)

    with ServeurValkey(profond, durable=False) as serveur, client(serveur) as valkey:
        assert len(str(serveur.socket)) <= 107
        assert valkey.ping() is True
    serveur.sockets.rmdir()
