"""What an earlier, broken life leaves in the folder of the cluster, and how the next start takes it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.lanceur.coffre import Coffre
from config.lanceur.emplacement import ENV_POSTGRES
from config.lanceur.erreurs import RefusDemarrage
from config.lanceur.postgres import GrappePostgres

pytestmark = pytest.mark.panne

DEMARRER_PUIS_DORMIR = """
import sys, time, pathlib
from config.lanceur.coffre import Coffre
from config.lanceur.postgres import GrappePostgres
dossier = pathlib.Path(sys.argv[1])
grappe = GrappePostgres(dossier / "postgres", coffre=Coffre(dossier / "secrets.json"))
grappe.demarrer()
print(grappe.processus.pid, flush=True)
time.sleep(3600)
"""


def neuve(dossier, **options):
    return GrappePostgres(dossier / "postgres", coffre=Coffre(dossier / "secrets.json"), **options)


def noter(grappe, texte):
    with psycopg.connect(grappe.url("treille_ddl")) as connexion:
        connexion.execute("CREATE TABLE IF NOT EXISTS public.carnet (ligne text)")
        connexion.execute("INSERT INTO public.carnet VALUES (%s)", [texte])


def relire(grappe):
    with psycopg.connect(grappe.url("treille_ddl")) as connexion:
        return [ligne for (ligne,) in connexion.execute("SELECT ligne FROM carnet ORDER BY 1")]


@pytest.fixture
def autre_lanceur(dossier):
    """Another process, which can be killed while it starts or holds the cluster."""
    lances = []

    def lancer():
        enfant = subprocess.Popen(
            [sys.executable, "-c", DEMARRER_PUIS_DORMIR, str(dossier)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        lances.append(enfant)
        return enfant

    yield lancer
    for enfant in lances:
        enfant.kill()
        enfant.wait()
        enfant.stdout.close()


def test_une_preparation_tuee_en_plein_milieu_est_reprise(dossier, autre_lanceur, patienter):
    enfant = autre_lanceur()
    patienter((dossier / "postgres" / "grappe.en-cours" / "PG_VERSION").exists)
    enfant.kill()
    enfant.wait()
    phrases = []

    with neuve(dossier, durable=False, dire=phrases.append) as grappe:
        noter(grappe, "après")
        assert relire(grappe) == ["après"]

    assert phrases == [
        "Une première préparation de la base avait été interrompue : elle est reprise de zéro."
    ]
    assert not (dossier / "postgres" / "grappe.en-cours").exists()


def test_une_grappe_achevee_n_est_jamais_refaite(dossier):
    with neuve(dossier) as grappe:
        noter(grappe, "à garder")
    (dossier / "postgres" / "grappe.en-cours").mkdir()

    with neuve(dossier) as grappe:
        assert relire(grappe) == ["à garder"]


def test_apres_kill_9_du_serveur_ce_qui_etait_valide_est_la(dossier):
    grappe = neuve(dossier)
    grappe.demarrer()
    noter(grappe, "validée")
    os.kill(grappe.processus.pid, signal.SIGKILL)
    grappe.processus.wait()

    grappe.demarrer()

    assert relire(grappe) == ["validée"]
    assert grappe.arreter() is True


def test_le_serveur_se_ferme_quand_son_lanceur_est_tue(dossier, autre_lanceur, patienter):
    enfant = autre_lanceur()
    serveur = int(enfant.stdout.readline())

    enfant.kill()
    enfant.wait()

    patienter(lambda: not Path(f"/proc/{serveur}").exists())
    with neuve(dossier) as grappe:
        assert "not properly shut down" not in grappe.journal.read_text()


def test_un_serveur_orphelin_est_ferme_proprement_puis_remplace(dossier, patienter):
    with neuve(dossier) as grappe:
        noter(grappe, "d’avant")
        commande, compte = grappe._commande(), grappe.compte
    orphelin = subprocess.Popen(
        commande, env=ENV_POSTGRES, cwd="/", stderr=subprocess.DEVNULL,
        user=compte.uid if compte else None, group=compte.gid if compte else None,
        extra_groups=[] if compte else None,
    )  # fmt: skip
    patienter((grappe.sockets / ".s.PGSQL.5432").exists)
    phrases = []

    with neuve(dossier, dire=phrases.append) as suivante:
        assert relire(suivante) == ["d’avant"]

    assert orphelin.wait(5) == 0
    assert phrases == [
        "Un serveur PostgreSQL d’un lancement précédent tournait encore : il est fermé proprement."
    ]


def test_un_numero_de_processus_repris_par_un_autre_programme_ne_le_tue_pas(dossier):
    with neuve(dossier) as grappe:
        compte = grappe.compte
    passant = subprocess.Popen(["sleep", "60"], cwd="/", user=compte.uid if compte else None)
    note = grappe.grappe / "postmaster.pid"
    note.write_text(f"{passant.pid}\n{grappe.grappe}\n1\n5432\n\n\n\n")

    with neuve(dossier) as suivante:
        assert suivante.en_bonne_sante()

    assert passant.poll() is None
    passant.kill()
    passant.wait()


def test_un_postmaster_pid_vide_n_empeche_pas_de_repartir(dossier):
    with neuve(dossier) as grappe:
        noter(grappe, "là")
    (grappe.grappe / "postmaster.pid").touch()

    with neuve(dossier) as suivante:
        assert relire(suivante) == ["là"]


def test_une_base_d_une_autre_version_est_expliquee_et_gardee(dossier):
    with neuve(dossier, durable=False) as grappe:
        pass
    (grappe.grappe / "PG_VERSION").write_text("15\n")

    with pytest.raises(RefusDemarrage) as refus:
        neuve(dossier).demarrer()

    assert str(refus.value) == (
        f"la base de {dossier}/postgres/grappe est au format de PostgreSQL 15 et le serveur est un 17 : "
        "indiquez par "
        "TREILLE_PG_BIN un PostgreSQL 15, ou repartez de zéro avec « make clean DONNEES=1 »."
    )
    assert (grappe.grappe / "base").is_dir()


def test_des_mots_de_passe_perdus_sont_dits_et_rien_n_est_refait(dossier):
    with neuve(dossier, durable=False):
        pass
    (dossier / "secrets.json").unlink()

    with pytest.raises(RefusDemarrage, match="a perdu les mots de passe de la base"):
        neuve(dossier).demarrer()

    assert not (dossier / "secrets.json").exists()


def test_un_secrets_json_tronque_est_dit(dossier):
    (dossier / "secrets.json").write_text('{"pg_maitre": "ab')

    with pytest.raises(RefusDemarrage, match="est illisible"):
        Coffre(dossier / "secrets.json")


@pytest.mark.parametrize(
    ("script", "phrase"),
    [
        ("#!/bin/sh\necho 'postgres (PostgreSQL) 15.4'\n", "PostgreSQL 15 de {0} est trop ancien"),
        (None, "TREILLE_PG_BIN={0} ne contient pas de programme « postgres » utilisable"),
    ],
)
def test_un_treille_pg_bin_impropre_est_refuse(dossier, script, phrase):
    bin_ = dossier / "bin"
    bin_.mkdir()
    if script:
        (bin_ / "postgres").write_text(script)
        (bin_ / "postgres").chmod(0o755)

    with pytest.raises(RefusDemarrage) as refus:
        neuve(dossier, binaires_donnes=bin_).demarrer()

    assert str(refus.value).startswith(phrase.format(bin_))


@pytest.fixture
def petit_disque(dossier):
    montage = dossier / "disque"
    montage.mkdir(mode=0o711)
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("SAUTÉ : monter un petit disque demande root")
    montre = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m,mode=711", "tmpfs", montage],
        capture_output=True,
        check=False,
    )
    if montre.returncode:
        pytest.skip(f"SAUTÉ : cette machine ne monte pas de tmpfs ({montre.stderr.decode().strip()})")
    yield montage
    subprocess.run(["umount", "-l", montage], check=True)


def test_un_disque_plein_pendant_la_preparation_est_dit_et_la_place_rendue_suffit(petit_disque):
    with pytest.raises(RefusDemarrage) as refus:
        neuve(petit_disque).demarrer()
    assert str(refus.value) == (
        f"le disque qui porte {petit_disque}/postgres est plein : libérez de la place puis relancez, "
        "rien n’est perdu."
    )
    assert not (petit_disque / "postgres" / "grappe").exists()

    subprocess.run(["mount", "-o", "remount,size=300m", petit_disque], check=True)

    with neuve(petit_disque) as grappe:
        noter(grappe, "la place est revenue")
        assert relire(grappe) == ["la place est revenue"]


def test_un_disque_rempli_apres_coup_est_dit_au_lancement_suivant(petit_disque):
    subprocess.run(["mount", "-o", "remount,size=300m", petit_disque], check=True)
    with neuve(petit_disque) as grappe:
        noter(grappe, "gardée")
    remplissage = petit_disque / "film"
    subprocess.run(["dd", "if=/dev/zero", f"of={remplissage}"], capture_output=True, check=False)

    with pytest.raises(RefusDemarrage, match="est plein"):
        neuve(petit_disque).demarrer()

    remplissage.unlink()
    with neuve(petit_disque) as grappe:
        assert relire(grappe) == ["gardée"]
