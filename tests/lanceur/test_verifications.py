"""Each refusal is one sentence that says what is wrong and how to mend it."""

import os
import socket

import pytest

from config.lanceur import verifications
from config.lanceur.erreurs import RefusDemarrage
from config.lanceur.reglages import Reglages


def refus(fonction, *arguments, **options):
    with pytest.raises(RefusDemarrage) as leve:
        fonction(*arguments, **options)
    return str(leve.value)


def test_un_port_occupe_est_explique(port):
    with socket.create_server(("127.0.0.1", port)):
        assert refus(verifications.port_libre, "127.0.0.1", port) == (
            f"le port {port} est déjà pris par un autre programme : arrêtez-le, ou lancez « make run "
            f"PORT={port + 1} »."
        )


def test_le_port_d_a_cote_reste_libre(port):
    with socket.create_server(("127.0.0.1", port)):
        verifications.port_libre("127.0.0.1", port + 1)


def test_un_port_qui_vient_d_etre_ferme_est_libre(port):
    serveur = socket.create_server(("127.0.0.1", port))
    client = socket.create_connection(("127.0.0.1", port))
    for prise in (serveur.accept()[0], client, serveur):  # the side that closes first stays in TIME_WAIT
        prise.close()

    verifications.port_libre("127.0.0.1", port)


def test_un_programme_sur_l_adresse_ipv6_de_localhost_compte_aussi(port):
    if not socket.has_ipv6:
        pytest.skip("SAUTÉ : machine sans IPv6")
    try:
        autre = socket.create_server(("::1", port), family=socket.AF_INET6)
    except OSError:
        pytest.skip("SAUTÉ : machine sans adresse ::1")
    with autre:
        assert "est déjà pris" in refus(verifications.port_libre, "127.0.0.1", port)


def test_une_adresse_d_ailleurs_est_expliquee(port):
    assert refus(verifications.port_libre, "192.0.2.1", port).startswith(
        "l’adresse 192.0.2.1 n’est pas une adresse de cette machine"
    )


@pytest.mark.parametrize("texte", ["huit mille", "0", "65536", "-1", "8000 ", "８０００"])
def test_un_numero_de_port_impossible_est_refuse(texte):
    assert refus(Reglages.lire, {"TREILLE_PORT": texte}) == (
        f"« {texte} » n’est pas un numéro de port : lancez « make run PORT=8001 », par exemple."
    )


def test_le_port_par_defaut_est_8000_et_un_autre_se_choisit():
    assert (Reglages.lire({}).port, Reglages.lire({"TREILLE_PORT": "65535"}).port) == (8000, 65535)


def test_un_second_lancement_sur_les_memes_donnees_est_refuse(dossier):
    with verifications.verrouiller(dossier):
        assert refus(verifications.verrouiller, dossier) == (
            f"Treille tourne déjà avec les données de {dossier} (processus {os.getpid()}) : arrêtez ce "
            "lancement "
            "par Ctrl-C, ou donnez un autre dossier par TREILLE_DATA=/chemin."
        )
    verifications.verrouiller(dossier).close()


def test_un_verrou_laisse_par_un_mort_ne_gene_pas(dossier):
    (dossier / "verrou").write_text("1\n")

    verifications.verrouiller(dossier).close()


def test_trop_peu_de_place_est_dit_avec_les_deux_chiffres(dossier):
    phrase = refus(verifications.place_libre, dossier, minimum=10**18)

    assert phrase.endswith(
        f" Mo sur le disque de {dossier} et il en faut 953674316406 : libérez de la place, ou donnez un "
        "dossier "
        "d’un autre disque par TREILLE_DATA=/chemin."
    )


def test_un_dossier_de_donnees_impossible_est_explique(dossier):
    (dossier / "fichier").touch()

    phrase = refus(verifications.dossier_de_donnees, dossier / "fichier" / "donnees")

    assert phrase.endswith("donnez un autre dossier par TREILLE_DATA=/chemin.")


def test_le_dossier_de_donnees_se_traverse_mais_ne_se_lit_pas(dossier):
    verifications.dossier_de_donnees(dossier / "donnees")

    attendu = "0o711" if os.geteuid() == 0 else "0o700"
    assert oct((dossier / "donnees").stat().st_mode & 0o777) == attendu


def test_une_base_donnee_injoignable_est_expliquee_sans_son_mot_de_passe(port):
    phrase = refus(
        verifications.base_donnee, f"postgres://treille:s3cret@127.0.0.1:{port}/treille", "DATABASE_URL"
    )

    assert phrase.startswith("la base donnée par DATABASE_URL ne répond pas (")
    assert phrase.endswith("ou retirez cette variable pour employer la base embarquée.")
    assert "s3cret" not in phrase


def test_une_adresse_de_base_illisible_est_expliquee_sans_la_citer():
    assert refus(verifications.base_donnee, "treille s3cret", "DATABASE_DDL_URL") == (
        "DATABASE_DDL_URL n’est pas une adresse lisible : écrivez postgres://compte:secret@hôte:5432/base."
    )


def test_un_redis_donne_injoignable_est_explique_sans_son_mot_de_passe(port):
    phrase = refus(verifications.redis_donne, f"redis://:s3cret@127.0.0.1:{port}/0")

    assert phrase.startswith(f"le serveur donné par REDIS_URL (redis://127.0.0.1:{port}/0) ne répond pas")
    assert "s3cret" not in phrase


def test_l_adresse_du_proprietaire_seule_est_refusee():
    assert refus(Reglages.lire, {"DATABASE_DDL_URL": "postgres://a@b/c"}) == (
        "DATABASE_DDL_URL est donnée sans DATABASE_URL : donnez les deux, ou aucune."
    )


def test_une_adresse_seule_vaut_pour_les_deux_roles():
    reglages = Reglages.lire({"DATABASE_URL": "postgres://a@b/c"})

    assert (reglages.database_url, reglages.database_ddl_url) == ("postgres://a@b/c", "postgres://a@b/c")


def test_une_adresse_peut_venir_d_un_fichier_de_secret(dossier):
    (dossier / "url").write_text("postgres://a@b/c\n")

    assert Reglages.lire({"DATABASE_URL_FILE": str(dossier / "url")}).database_url == "postgres://a@b/c"
    assert "est illisible" in refus(Reglages.lire, {"REDIS_URL_FILE": str(dossier / "absent")})


def test_la_demonstration_ne_se_charge_jamais_avec_les_reglages_de_production():
    assert Reglages.lire({}).demonstration is True
    assert Reglages.lire({"TREILLE_DEMO": "non"}).demonstration is False
    assert Reglages.lire({"DJANGO_SETTINGS_MODULE": "config.settings.prod"}).demonstration is False


def test_cette_machine_convient_au_serveur_embarque():
    verifications.machine_pour_postgres()
    verifications.version_de_python()


def test_une_glibc_trop_ancienne_nomme_les_deux_issues(monkeypatch):
    monkeypatch.setattr(verifications, "glibc", lambda: (2, 31))

    assert refus(verifications.machine_pour_postgres) == (
        "le serveur PostgreSQL embarqué demande la glibc 2.34 et cette machine a la 2.31 : donnez un "
        "PostgreSQL 16 ou "
        "suivant par TREILLE_PG_BIN=/chemin/bin, ou une base par DATABASE_URL."
    )
