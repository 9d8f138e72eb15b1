"""The order of a start: servers, one-shot steps, long-running processes, addresses."""

import contextlib
import http.client
import json
import os
import sys
import time
from pathlib import Path

from config.lanceur import verifications
from config.lanceur.bac_a_sable_mie.autorite import racines
from config.lanceur.coffre import Coffre
from config.lanceur.console import Console, duree
from config.lanceur.erreurs import ArretDemande, RefusDemarrage, refus_systeme
from config.lanceur.postgres import GrappePostgres
from config.lanceur.reglages import FICHIER, LUES_ICI, Reglages
from config.lanceur.roles import APP, DDL
from config.lanceur.service import Service, derniere_ligne, executer_etape, tourner
from config.lanceur.signaux import Signaux, attendre
from config.lanceur.superviseur import Abandon, Superviseur, ecarter_survivants
from config.lanceur.valkey import ServeurValkey

ATTENTE_DU_WEB = 60


def lancer(reglages: Reglages, console: Console, signaux: Signaux) -> int:
    """Start everything, watch until asked to stop, stop. The exit status; a refusal is raised."""
    depart = time.monotonic()
    verifications.version_de_python()
    verifications.dossier_de_donnees(reglages.donnees)
    with verifications.verrouiller(reglages.donnees):
        if survivants := ecarter_survivants(reglages.donnees, signaux.pause):
            console.note(f"Restes d’un lancement interrompu, arrêtés : {', '.join(survivants)}.")
            # Their sockets close a moment after them.
            attendre(lambda: _libre(reglages), 2, signaux.pause)
        verifications.port_libre(reglages.adresse, reglages.port)
        verifications.place_libre(reglages.donnees)
        console.dire(f"Treille démarre (données : {reglages.donnees})\n")
        superviseur = Superviseur(reglages.donnees, signaux, console.note)
        try:
            _Demarrage(reglages, console, signaux, superviseur).tout()
            _annoncer(reglages, console, time.monotonic() - depart)
            superviseur.surveiller()
        except ArretDemande:
            console.dire("\nArrêt en cours…")
        except Abandon as abandon:
            _arreter(superviseur, console)
            console.dire(f"\n{abandon}")
            return 1
        except BaseException:
            superviseur.arreter()
            raise
        _arreter(superviseur, console)
        console.dire("Treille est arrêtée.")
        return 0


def _libre(reglages: Reglages) -> bool:
    try:
        verifications.port_libre(reglages.adresse, reglages.port)
    except RefusDemarrage:
        return False
    return True


def _arreter(superviseur: Superviseur, console: Console) -> None:
    if forces := superviseur.arreter():
        console.note(f"Il a fallu interrompre : {', '.join(forces)}.")


class _Demarrage:
    def __init__(
        self, reglages: Reglages, console: Console, signaux: Signaux, superviseur: Superviseur
    ) -> None:
        self.reglages = reglages
        self.console = console
        self.signaux = signaux
        self.superviseur = superviseur
        self.coffre = Coffre(reglages.donnees / "secrets.json")
        self.journaux = reglages.donnees / "journaux"
        try:
            self.journaux.mkdir(mode=0o700, exist_ok=True)
        except OSError as erreur:
            raise refus_systeme(erreur, self.journaux) from erreur
        self.env = self._environnement()

    def tout(self) -> None:
        self._base()
        self._file()
        self._etape("amorcer", "Schémas et migrations")
        self._autorite_de_demonstration()
        if self.reglages.demonstration:
            self._etape("charger_demo", "Données de démonstration")
        self._bac_a_sable()
        self._processus()

    def _journal(self, nom: str) -> Path:
        journal = self.journaux / f"{nom}.log"
        tourner(journal)
        return journal

    def _environnement(self) -> dict[str, str]:
        racine = self.reglages.racine
        chemins = [str(racine), str(racine / "platform"), os.environ.get("PYTHONPATH", "")]
        lues_ici = {f"{nom}{FICHIER}" for nom in LUES_ICI}
        return {
            **{nom: valeur for nom, valeur in os.environ.items() if nom not in lues_ici},
            "DJANGO_SETTINGS_MODULE": self.reglages.module,
            "TREILLE_DATA": str(self.reglages.donnees),
            "TREILLE_PORT": str(self.reglages.port),
            "TREILLE_BIND": self.reglages.adresse,
            "TREILLE_DOMAINE": self.reglages.domaine,
            "TREILLE_SECRET_KEY": self.reglages.cle or self.coffre.obtenir("secret_key", octets=48),
            "PYTHONPATH": os.pathsep.join(chemin for chemin in chemins if chemin),
            "PYTHONUNBUFFERED": "1",
            # Invented people sign in with a code the page shows: on this machine only, production refuses it.
            "TREILLE_DEMO": os.environ.get("TREILLE_DEMO")
            or ("oui" if self.reglages.module == "config.settings.dev" else "non"),
        }

    def _base(self) -> None:
        donnee, proprietaire = self.reglages.database_url, self.reglages.database_ddl_url
        if donnee and proprietaire:
            with self.console.etape("Base PostgreSQL donnée par DATABASE_URL"):
                verifications.base_donnee(donnee, "DATABASE_URL")
                if proprietaire != donnee:
                    verifications.base_donnee(proprietaire, "DATABASE_DDL_URL")
            self.env |= {"DATABASE_URL": donnee, "DATABASE_DDL_URL": proprietaire}
            return
        if not self.reglages.pg_bin:
            verifications.machine_pour_postgres()
        grappe = GrappePostgres(
            self.reglages.donnees / "postgres",
            coffre=self.coffre,
            journal=self._journal("postgres"),
            binaires_donnes=self.reglages.pg_bin,
            dire=self.console.note,
        )
        with self.console.etape("PostgreSQL"):
            self.superviseur.demarrer(grappe)
        if grappe.emplacement != grappe.dossier:
            verifications.place_libre(grappe.emplacement)
        self.env |= {"DATABASE_URL": grappe.url(APP), "DATABASE_DDL_URL": grappe.url(DDL)}

    def _file(self) -> None:
        if self.reglages.redis_url:
            with self.console.etape("Serveur donné par REDIS_URL"):
                verifications.redis_donne(self.reglages.redis_url)
            self.env["REDIS_URL"] = self.reglages.redis_url
            return
        valkey = ServeurValkey(self.reglages.donnees / "valkey", journal=self._journal("valkey"))
        with self.console.etape("Valkey"):
            self.superviseur.demarrer(valkey)
        self.env["REDIS_URL"] = valkey.url()

    def _etape(self, commande: str, libelle: str) -> None:
        with self.console.etape(libelle):
            executer_etape(
                commande,
                [sys.executable, "manage.py", commande],
                env=self.env,
                cwd=self.reglages.racine,
                journal=self._journal(commande),
                pause=self.signaux.pause,
            )

    def _bac_a_sable(self) -> None:
        """A Pro Santé Connect of ours, so that a demonstration works offline; the real one when it is configured."""
        if not self.reglages.bac_a_sable_psc:
            return
        port = _port_voisin(self.reglages.port)
        reseau = _adresse(self.reglages)
        self.env |= {
            "PSC_CLIENT_ID": "bac-a-sable",
            "PSC_CLIENT_SECRET": self.coffre.obtenir("psc_bac_a_sable"),
            "PSC_ISSUER": f"http://localhost:{port}/auth/realms/esante-wallet",
        }
        arguments = ["--port", str(port), "--donnees", str(self.reglages.donnees), "--reseau", reseau]
        self._service(
            "psc",
            "le bac à sable Pro Santé Connect",
            [sys.executable, "-m", "config.lanceur.bac_a_sable_psc", *arguments],
        )

    def _autorite_de_demonstration(self) -> None:
        """An IGC-Santé of ours and a peer that asks for its certificates: before the demonstration, which has some issued."""
        if not self.reglages.bac_a_sable_mie:
            return
        dossier, ports, dernier = self.reglages.donnees / "bac_a_sable_mie", {}, self.reglages.port + 10
        for environnement in ("TEST", "PROD"):
            port = _port_voisin(dernier)
            dernier = _port_voisin(port)
            ports[environnement] = (port, dernier)
            self.env[f"MIE_RACINES_{environnement}"] = str(racines(dossier, environnement))
        self.env |= {
            "MIE_BAC_A_SABLE": str(dossier),
            "MIE_BAC_A_SABLE_SECRET": self.coffre.obtenir("mie_bac_a_sable"),
            "MIE_BAC_A_SABLE_URLS": ",".join(f"{e}=http://localhost:{p}" for e, (p, _) in ports.items()),
            "MIE_HOTES": ",".join(f"localhost:{port}" for port, _ in ports.values()),
            "MIE_PAIRS": ",".join(
                ligne for e, (p, m) in ports.items() for ligne in _pairs_de_demonstration(e, p, m)
            ),
        }
        arguments = [mot for e, (p, m) in ports.items() for mot in (f"--{e.lower()}", str(p), str(m))]
        self._service(
            "igc",
            "l’autorité de certification de démonstration",
            [sys.executable, "-m", "config.lanceur.bac_a_sable_mie", *arguments],
        )

    def _processus(self) -> None:
        """The web server alone first: on two cores, five Django at once make it three times slower."""
        with self.console.etape("Serveur web"):
            web = self._service("web", "le serveur web", self._granian(), delai_arret=10, sondee=True)
            if not self.superviseur.surveiller(jusqua=web.en_bonne_sante, delai=ATTENTE_DU_WEB):
                raise RefusDemarrage(
                    f"le serveur web ne répond pas sur {_adresse(self.reglages)}/livez "
                    f"({derniere_ligne(web.journal)}) : voyez {web.journal}."
                )
        with self.console.etape("Tâches, échéancier et relais"):
            celery = [sys.executable, "-m", "celery", "-A", "config.celery:app"]
            travail = ["--pool", "prefork", "--concurrency", "2", "--without-mingle", "--without-gossip"]
            self._service(
                "taches",
                "le travailleur des tâches",
                [*celery, "worker", *travail, "--loglevel", "INFO"],
                delai_arret=15,
            )
            echeances = ["--schedule", str(self.reglages.donnees / "echeancier"), "--pidfile", ""]
            self._service("echeancier", "l’échéancier", [*celery, "beat", *echeances, "--loglevel", "INFO"])
            self._service("relais", "le relais", [sys.executable, "manage.py", "relayer"], delai_arret=10)

    def _service(
        self, nom: str, libelle: str, commande: list[str], *, delai_arret: float = 5, sondee: bool = False
    ) -> Service:
        service = Service(
            nom,
            libelle,
            commande,
            env=self.env,
            cwd=self.reglages.racine,
            journal=self._journal(nom),
            delai_arret=delai_arret,
            sonde=self._web_repond if sondee else None,
        )
        self.superviseur.demarrer(service)
        return service

    def _granian(self) -> list[str]:
        return [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
            "--host", self.reglages.adresse, "--port", str(self.reglages.port),
            "--workers", str(min(2, _coeurs())), "--blocking-threads", "2",
            "--respawn-failed-workers", "--workers-kill-timeout", "5",
            "config.wsgi:application",
        ]  # fmt: skip

    def _web_repond(self) -> bool:
        lien = http.client.HTTPConnection(self.reglages.adresse_locale, self.reglages.port, timeout=2)
        try:
            lien.request("GET", "/livez")
            return lien.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            lien.close()


def _port_voisin(port: int) -> int:
    """The next free port of this machine. Raises RefusDemarrage when there is none near."""
    for candidat in range(port + 1, min(port + 20, 65535)):
        with contextlib.suppress(RefusDemarrage):
            verifications.port_libre("127.0.0.1", candidat)
            return candidat
    raise RefusDemarrage(f"aucun port libre après {port} pour les bacs à sable de la démonstration.")


def _pairs_de_demonstration(environnement: str, port: int, port_mtls: int) -> list[str]:
    """Where a certificate of the sandbox is tried, by usage and destination."""
    url = f"http://localhost:{port}"
    pairs = {
        "AUTH_CLI": f"https://localhost:{port_mtls}/",
        "SIGN": f"{url}/cachet",
        "SSL_SERV": f"{url}/cachet",
    }
    pairs |= {"CONF": f"{url}/dechiffrement", "SMIME": f"{url}/dechiffrement"}
    return [
        f"{environnement}:{usage}:{destination}={adresse}"
        for usage, adresse in pairs.items()
        for destination in ("INSI", "DMP", "MSS", "PSC", "ROR", "VIAT", "AUTRE")
    ]


def _coeurs() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _adresse(reglages: Reglages, sous_domaine: str = "") -> str:
    return f"http://{sous_domaine}{reglages.domaine}:{reglages.port}"


def _annoncer(reglages: Reglages, console: Console, secondes: float) -> None:
    console.dire(f"\nTreille est prête, en {duree(secondes)}.\n")
    console.adresses(
        [
            ("Exploitant et porteurs", _adresse(reglages)),
            ("Une structure", _adresse(reglages, "<structure>.")),
        ]
    )
    if comptes := _comptes_de_demonstration(reglages.donnees / "demo.json"):
        console.dire("\nComptes de démonstration\n")
        console.adresses(comptes)
    if reglages.bac_a_sable_psc:
        console.dire(
            "\nPro Santé Connect : bac à sable de démonstration, proposé à la connexion des structures."
        )
    if reglages.bac_a_sable_mie:
        console.dire(
            "IGC-Santé : autorité de démonstration, pour commander et essayer des certificats sans valeur."
        )
    console.dire(f"\nJournaux : {reglages.donnees / 'journaux'}")
    console.dire("Ctrl-C pour arrêter.")


def _comptes_de_demonstration(fichier: Path) -> list[tuple[str, ...]]:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        lus = json.loads(fichier.read_text(encoding="utf-8"))
        return [tuple(str(c[cle]) for cle in ("qui", "url", "identifiant", "mot_de_passe")) for c in lus]
    return []
