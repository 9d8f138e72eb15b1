"""`make run` from end to end, with a product of forty lines in the place of ours."""

import http.client
import json
import os
import re
import signal
import socket
import time

import psycopg
import pytest

from config.lanceur.ephemere import grappe_ephemere, valkey_ephemere

pytestmark = pytest.mark.panne


def livez(port):
    lien = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        lien.request("GET", "/livez")
        return lien.getresponse().status
    except OSError:
        return None
    finally:
        lien.close()


def appels(installation):
    return [ligne.split()[0] for ligne in (installation.donnees / "appels.txt").read_text().splitlines()]


def pids(installation):
    return {i["nom"]: i["pid"] for i in json.loads((installation.donnees / "processus.json").read_text())}


def test_un_lancement_entier_puis_un_second_puis_l_arret(installation, patienter, processus_de):
    lanceur = installation.pret()

    texte = re.sub(r"\d+,\d", "0,0", lanceur.texte())
    assert texte == (
        f"Treille démarre (données : {installation.donnees})\n\n"
        "  ✓ PostgreSQL                                     0,0 s\n"
        "  ✓ Valkey                                         0,0 s\n"
        "  ✓ Schémas et migrations                          0,0 s\n"
        "  ✓ Données de démonstration                       0,0 s\n"
        "  ✓ Serveur web                                    0,0 s\n"
        "  ✓ Tâches, échéancier et relais                   0,0 s\n"
        "\nTreille est prête, en 0,0 s.\n\n"
        f"  Exploitant et porteurs   http://localhost:{installation.port}\n"
        f"  Une structure            http://<structure>.localhost:{installation.port}\n"
        "\nComptes de démonstration\n\n"
        "  Alice   http://tilleul.localhost   alice   lune\n"
        "\nPro Santé Connect : bac à sable de démonstration, proposé à la connexion des structures.\n"
        "IGC-Santé : autorité de démonstration, pour commander et essayer des certificats sans valeur.\n"
        f"\nJournaux : {installation.donnees}/journaux\n"
        "Ctrl-C pour arrêter.\n"
    )
    assert livez(installation.port) == 200
    assert appels(installation)[:2] == ["amorcer", "charger_demo"]
    assert set(pids(installation)) == {
        "postgres", "valkey", "igc", "psc", "web", "taches", "echeancier", "relais",
    }  # fmt: skip
    patienter(lambda: "ready." in (installation.donnees / "journaux" / "taches.log").read_text())

    second = installation.lancer(TREILLE_PORT=installation.port + 1)
    assert second.wait(20) == 2
    assert second.texte() == (
        f"Treille ne démarre pas : Treille tourne déjà avec les données de {installation.donnees} "
        f"(processus {lanceur.pid}) : arrêtez ce lancement par Ctrl-C, ou donnez un autre dossier par "
        "TREILLE_DATA=/chemin.\n"
    )

    lanceur.send_signal(signal.SIGINT)
    assert lanceur.wait(30) == 0
    assert lanceur.texte().endswith("\nArrêt en cours…\nTreille est arrêtée.\n")
    assert processus_de(installation.racine) == []


def test_les_secrets_et_les_donnees_restent_d_un_lancement_a_l_autre(installation):
    premier = installation.pret()
    secrets = (installation.donnees / "secrets.json").read_text()
    premier.send_signal(signal.SIGTERM)
    assert premier.wait(30) == 0

    installation.pret()

    assert (installation.donnees / "secrets.json").read_text() == secrets
    assert appels(installation).count("amorcer") == 2


def test_chaque_processus_tue_revient(installation, patienter):
    lanceur = installation.pret()
    avant = pids(installation)

    for nom in ("valkey", "web", "relais", "postgres"):
        os.kill(avant[nom], signal.SIGKILL)

    patienter(lambda: all(pids(installation).get(nom, pid) != pid for nom, pid in avant.items() if nom in
                          {"valkey", "web", "relais", "postgres"}), 30)  # fmt: skip
    patienter(lambda: livez(installation.port) == 200)
    assert lanceur.poll() is None


def test_apres_kill_9_du_lanceur_rien_ne_reste_et_il_repart(installation, patienter, processus_de):
    lanceur = installation.pret()

    lanceur.kill()
    lanceur.wait()
    patienter(lambda: processus_de(installation.racine) == [], 30)

    installation.pret()


def test_apres_kill_9_du_lanceur_on_peut_relancer_sans_attendre(installation):
    premier = installation.pret()

    premier.kill()
    premier.wait()

    installation.pret()


def test_avec_les_deux_adresses_rien_d_embarque_ne_demarre(installation):
    with grappe_ephemere() as grappe, valkey_ephemere() as valkey:
        proprietaire = grappe.url("treille_ddl")
        lanceur = installation.pret(DATABASE_URL=proprietaire, REDIS_URL=valkey.url())

        assert set(pids(installation)) == {"igc", "psc", "web", "taches", "echeancier", "relais"}
        assert not (installation.donnees / "postgres").exists()
        assert not (installation.donnees / "valkey").exists()
        premiere = (installation.donnees / "appels.txt").read_text().splitlines()[0]
        assert premiere == f"amorcer {proprietaire} {proprietaire} {valkey.url()}"
        lanceur.send_signal(signal.SIGTERM)
        assert lanceur.wait(30) == 0
        with psycopg.connect(grappe.url()) as connexion:
            assert connexion.execute("SELECT 1").fetchone() == (1,)


def test_un_port_occupe_se_dit_sans_rien_demarrer(installation):
    with socket.create_server(("127.0.0.1", installation.port)):
        lanceur = installation.lancer()

        assert lanceur.wait(20) == 2

    assert lanceur.texte() == (
        f"Treille ne démarre pas : le port {installation.port} est déjà pris par un autre programme : "
        "arrêtez-le, "
        f"ou lancez « make run PORT={installation.port + 1} ».\n"
    )
    assert not (installation.donnees / "postgres").exists()


def test_une_etape_qui_echoue_cite_son_dernier_mot_et_arrete_le_reste(installation, processus_de):
    installation.donnees.mkdir(mode=0o711)
    (installation.donnees / "echec-amorcer").touch()
    lanceur = installation.lancer()

    assert lanceur.wait(30) == 2

    assert lanceur.texte().endswith(
        "Treille ne démarre pas : l’étape « amorcer » a échoué (amorcer ne peut pas continuer) : "
        f"voyez {installation.donnees}/journaux/amorcer.log.\n"
    )
    assert "Traceback" not in lanceur.texte()
    assert processus_de(installation.racine) == []


def test_ctrl_c_pendant_le_demarrage_arrete_proprement(installation, patienter, processus_de):
    lanceur = installation.lancer()
    patienter(lambda: "PostgreSQL" in lanceur.texte())

    lanceur.send_signal(signal.SIGINT)

    assert lanceur.wait(30) == 0
    assert "Traceback" not in lanceur.texte()
    assert processus_de(installation.racine) == []


def test_un_journal_devenu_gros_est_mis_de_cote_au_demarrage(installation):
    journaux = installation.donnees / "journaux"
    journaux.mkdir(parents=True)
    (journaux / "web.log").write_text("vieux\n" * 1_000_000)
    (journaux / "relais.log").write_text("petit\n")

    installation.pret()

    assert (journaux / "web.log.1").stat().st_size == 6_000_000
    assert "vieux" not in (journaux / "web.log").read_text()
    assert (journaux / "relais.log").read_text().startswith("petit\n")
    assert time.time() - (journaux / "web.log").stat().st_mtime < 60
