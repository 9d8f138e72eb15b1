"""Stand-in children: small programs that live, die, or refuse to die."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from config.lanceur.superviseur import ecarter_survivants

pytestmark = pytest.mark.panne

SUPERVISER = """
import os, pathlib, sys
from config.lanceur.erreurs import ArretDemande
from config.lanceur.service import Service
from config.lanceur.signaux import Signaux
from config.lanceur.superviseur import Abandon, Superviseur
dossier = pathlib.Path(sys.argv[1])
with Signaux() as signaux:
    dire = lambda phrase: print(phrase, flush=True)
    superviseur = Superviseur(dossier, signaux, dire, attente_initiale=0.1)
    code = 0
    try:
        for script in sys.argv[2:]:
            nom = pathlib.Path(script).stem
            superviseur.demarrer(Service(
                nom, f"l’enfant {nom}", [sys.executable, script, str(dossier)], env=dict(os.environ),
                cwd=dossier, journal=dossier / f"{nom}.log", delai_arret=1,
            ))
        print("prêt", flush=True)
        superviseur.surveiller()
    except ArretDemande:
        pass
    except Abandon as abandon:
        print(abandon, flush=True)
        code = 1
    print("forcés", superviseur.arreter(), flush=True)
sys.exit(code)
"""
COMPTER = "open(sys.argv[1] + '/naissances', 'a').write(f'{os.getpid()}\\n')\n"
ENFANTS = {
    "calme": "import os, sys, time\n" + COMPTER + "time.sleep(3600)\n",
    "mortel": "import os, sys\n" + COMPTER + "sys.exit('il manque une pièce')\n",
    "tetu": (
        "import os, signal, subprocess, sys, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen([sys.executable, '-c', 'import signal, time; "
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(3600)'])\n"
        + COMPTER
        + "time.sleep(3600)\n"
    ),
}


@pytest.fixture
def superviser(dossier):
    lances = []

    def lancer(*noms):
        scripts = []
        for nom in noms:
            scripts.append(dossier / f"{nom}.py")
            scripts[-1].write_text(ENFANTS[nom])
        sortie = dossier / "sortie.txt"
        with sortie.open("w") as flux:
            processus = subprocess.Popen(
                [sys.executable, "-c", SUPERVISER, str(dossier), *map(str, scripts)],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TREILLE_DATA": str(dossier)},
                cwd=dossier, stdout=flux, stderr=flux,
            )  # fmt: skip
        processus.texte = sortie.read_text
        lances.append(processus)
        return processus

    yield lancer
    for processus in lances:
        with contextlib.suppress(ProcessLookupError):
            processus.kill()
        processus.wait()


def naissances(dossier):
    fichier = dossier / "naissances"
    return [int(ligne) for ligne in fichier.read_text().split()] if fichier.exists() else []


def test_un_enfant_tue_est_relance(dossier, superviser, patienter):
    superviseur = superviser("calme")
    (premier,) = patienter(lambda: naissances(dossier))

    os.kill(premier, signal.SIGKILL)

    patienter(lambda: len(naissances(dossier)) == 2)
    assert "l’enfant calme s’est arrêté (SIGKILL) ; relance dans un instant." in superviseur.texte()


def test_sigterm_arrete_tout_et_ne_laisse_aucun_processus(dossier, superviser, patienter, processus_de):
    superviseur = superviser("calme")
    patienter(lambda: naissances(dossier))

    superviseur.send_signal(signal.SIGTERM)

    assert superviseur.wait(10) == 0
    assert superviseur.texte() == "prêt\nforcés []\n"
    assert processus_de(dossier) == []
    assert not (dossier / "processus.json").exists()


def test_un_enfant_sourd_est_tue_avec_ses_propres_enfants(dossier, superviser, patienter, processus_de):
    superviseur = superviser("tetu")
    patienter(lambda: naissances(dossier))

    superviseur.send_signal(signal.SIGINT)

    assert superviseur.wait(10) == 0
    assert superviseur.texte() == "prêt\nforcés ['l’enfant tetu']\n"
    assert processus_de(dossier) == []


def test_un_second_ctrl_c_n_attend_plus(dossier, superviser, patienter, processus_de):
    superviseur = superviser("tetu", "calme")
    patienter(lambda: len(naissances(dossier)) == 2)

    superviseur.send_signal(signal.SIGINT)
    patienter(lambda: len(processus_de("calme.py")) == 0 or superviseur.poll() is not None)
    superviseur.send_signal(signal.SIGINT)

    assert superviseur.wait(5) in {0, 1}
    patienter(lambda: processus_de(dossier) == [])


def test_cinq_morts_de_suite_et_le_superviseur_dit_pourquoi_il_renonce(dossier, superviser, processus_de):
    superviseur = superviser("calme", "mortel")

    assert superviseur.wait(20) == 1

    assert superviseur.texte().splitlines()[-2:] == [
        "l’enfant mortel s’arrête sans cesse (dernier message : il manque une pièce) : voyez "
        f"{dossier}/mortel.log.",
        "forcés []",
    ]
    assert len(naissances(dossier)) == 6
    assert processus_de(dossier) == []


def test_les_enfants_ne_survivent_pas_a_un_superviseur_tue(dossier, superviser, patienter, processus_de):
    superviseur = superviser("calme")
    patienter(lambda: naissances(dossier))

    superviseur.kill()
    superviseur.wait()

    patienter(lambda: processus_de(dossier) == [])


def test_le_lancement_suivant_ferme_un_survivant_ses_enfants_et_eux_seuls(
    dossier, superviser, patienter, processus_de
):
    superviseur = superviser("tetu")
    (survivant,) = patienter(lambda: naissances(dossier))
    patienter((dossier / "processus.json").exists)
    superviseur.kill()
    superviseur.wait()
    inscrit = (dossier / "processus.json").read_text()

    assert ecarter_survivants(dossier, time.sleep, delai=0.3) == ["tetu"]
    assert processus_de(dossier) == []

    # The same number, born at another instant: a passer-by.
    (dossier / "processus.json").write_text(inscrit.replace(str(survivant), str(os.getppid())))
    assert ecarter_survivants(dossier, time.sleep) == []
