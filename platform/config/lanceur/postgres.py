"""The embedded PostgreSQL cluster of ``make run`` and of the tests."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.lanceur import processus, roles
from config.lanceur.binaires import binaires
from config.lanceur.coffre import Coffre
from config.lanceur.emplacement import (
    ENV_POSTGRES,
    choisir_dossier,
    compte_postgres,
    dossier_de_socket,
)
from config.lanceur.erreurs import RefusDemarrage, disque_plein, refus_systeme
from config.lanceur.initialisation import initialiser
from config.lanceur.processus import Pause
from config.lanceur.roles import APP, BASE, DDL, MAITRE, SECRETS

REGLAGES: Mapping[str, str] = {
    "max_connections": "100",
    "max_locks_per_transaction": "512",  # one DDL message locks every table of a structure
    "jit": "off",
    "synchronous_commit": "on",
    "autovacuum_naptime": "60s",
    "autovacuum_max_workers": "2",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
}
REGLAGES_SANS_DURABILITE: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "2GB",
}


def _muet(_phrase: str) -> None:
    pass


class GrappePostgres:
    """One cluster in one folder: made at the first start, healed after a crash, stopped by :meth:`arreter`.

    As root the server runs under an unprivileged account; when that account cannot reach ``dossier`` the
    cluster lives elsewhere and ``emplacement.json`` says where. Two processes cannot hold the same cluster.
    """

    nom = "postgres"
    libelle = "PostgreSQL"

    def __init__(
        self,
        dossier: Path,
        *,
        coffre: Coffre | None = None,
        sockets: Path | None = None,
        durable: bool = True,
        reglages: Mapping[str, str] | None = None,
        port: int = 5432,
        tcp: bool = False,
        journal: Path | None = None,
        binaires_donnes: Path | None = None,
        dire: Callable[[str], None] = _muet,
    ) -> None:
        self.dossier = dossier
        self.coffre = coffre or Coffre()
        self.durable = durable
        self.reglages = dict(reglages or {})
        self.port = port
        self.tcp = tcp
        self.journal = journal or dossier / "postgres.log"
        self.processus: subprocess.Popen[bytes] | None = None
        self._sockets_voulus = sockets
        self._binaires_donnes = binaires_donnes
        self._dire = dire
        self._verrou: IO[str] | None = None
        self.emplacement = dossier
        self.sockets = sockets or dossier / "s"

    @property
    def grappe(self) -> Path:
        return self.emplacement / "grappe"

    # -- life -----------------------------------------------------------------------------------------------

    def demarrer(self, pause: Pause = time.sleep) -> None:
        """Make the cluster if need be, start it, wait until it answers, make the roles and the base."""
        try:
            self._preparer(pause)
            self._lancer(pause)
            with self._maitre() as connexion:
                roles.poser(connexion, self.coffre)
        except OSError as erreur:
            self.arreter()
            raise refus_systeme(erreur, self.emplacement) from erreur
        except psycopg.errors.DiskFull as erreur:
            self.arreter()
            raise disque_plein(self.emplacement) from erreur
        except BaseException:
            self.arreter()
            raise

    def en_bonne_sante(self) -> bool:
        return self.processus is not None and self.processus.poll() is None

    def arreter(self, delai: float = 30, pause: Pause = time.sleep) -> bool:
        """Fast shutdown, then immediate; True when the cluster closed properly."""
        propre = True
        if self.processus:
            propre = processus.arreter(self.processus, [(signal.SIGINT, delai), (signal.SIGQUIT, 5)], pause)
            self.processus = None
        if self._verrou:
            self._verrou.close()
            self._verrou = None
        return propre

    def forcer(self) -> None:
        if self.processus:
            processus.signaler(self.processus.pid, signal.SIGQUIT)

    def detruire(self) -> None:
        """Stop, and leave nothing of the cluster on the disk."""
        self.arreter(delai=5)
        for dossier in {self.sockets, self.emplacement, self.dossier}:
            shutil.rmtree(dossier, ignore_errors=True)

    def __enter__(self) -> Self:
        self.demarrer()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _erreur: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.arreter()

    # -- access ---------------------------------------------------------------------------------------------

    def url(self, role: str = APP, base: str = BASE) -> str:
        """``role``: ``treille_app``, ``treille_ddl``, or ``postgres`` (superuser: tests, launcher)."""
        secret = self.coffre.obtenir(SECRETS[role])
        if self.tcp:
            return f"postgres://{role}:{secret}@127.0.0.1:{self.port}/{quote(base)}"
        return f"postgres://{role}:{secret}@/{quote(base)}?host={quote(str(self.sockets))}&port={self.port}"

    def creer_base(self, nom: str, *, gabarit: str | None = None) -> None:
        """A base of the same owner and rights as the product's. ``gabarit``: an idle base to copy."""
        with self._maitre() as connexion:
            ordre = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(nom), sql.Identifier(DDL))
            if gabarit:
                ordre += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(gabarit))
            connexion.execute(ordre)
            roles.fermer_base(connexion, nom)

    def supprimer_base(self, nom: str) -> None:
        with self._maitre() as connexion:
            connexion.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(nom)))

    # -- first start ----------------------------------------------------------------------------------------

    def _preparer(self, pause: Pause) -> None:
        self.emplacement = choisir_dossier(self.dossier, compte_postgres(self.grappe), self._dire)
        self._verrouiller()
        # Read again: the cluster may lie elsewhere, and belong to the account of its first start.
        self.compte = compte_postgres(self.grappe)
        self.binaires = binaires(self._binaires_donnes, self.compte, self._dire)
        self.sockets = dossier_de_socket(
            self._sockets_voulus or self.emplacement / "s", f".s.PGSQL.{self.port}", self.compte
        )
        if not self.grappe.exists():
            if SECRETS[MAITRE] in self.coffre:
                self._dire(
                    "Une première préparation de la base avait été interrompue : elle est reprise de zéro."
                )
            initialiser(
                self.grappe,
                self.binaires,
                self.compte,
                self.coffre.obtenir(SECRETS[MAITRE]),
                durable=self.durable,
            )
        self._verifier_proprietaire()
        self._verifier_version()
        self._ecarter_orphelin(pause)

    def _verrouiller(self) -> None:
        if self._verrou:
            return
        verrou = (self.emplacement / "verrou").open("a")
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as erreur:
            verrou.close()
            raise RefusDemarrage(
                f"la base de {self.emplacement} sert déjà à un autre lancement : arrêtez-le d’abord."
            ) from erreur
        self._verrou = verrou

    # -- what an earlier life left --------------------------------------------------------------------------

    def _verifier_proprietaire(self) -> None:
        attendu = self.compte.uid if self.compte else os.geteuid()
        if self.grappe.stat().st_uid != attendu:
            raise RefusDemarrage(
                f"la base de {self.grappe} appartient à un autre compte (un premier lancement par sudo ?) : "
                "relancez avec ce compte, ou rendez-vous-la par « sudo chown -R »."
            )

    def _verifier_version(self) -> None:
        majeure = (self.grappe / "PG_VERSION").read_text().strip()
        if majeure != str(self.binaires.majeure):
            raise RefusDemarrage(
                f"la base de {self.grappe} est au format de PostgreSQL {majeure} et le serveur est un "
                f"{self.binaires.majeure} : indiquez par TREILLE_PG_BIN un PostgreSQL {majeure}, "
                "ou repartez de zéro avec « make clean DONNEES=1 »."
            )
        if self.coffre.chemin and SECRETS[MAITRE] not in self.coffre:
            raise RefusDemarrage(
                f"{self.coffre.chemin} a perdu les mots de passe de la base : remettez-le depuis une "
                "sauvegarde, "
                "ou repartez de zéro avec « make clean DONNEES=1 »."
            )

    def _ecarter_orphelin(self, pause: Pause) -> None:
        """Close a server that outlived its launcher: the pid of *our* postmaster.pid, if it is still ours."""
        note = self.grappe / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            note.unlink(missing_ok=True)  # empty: the disk was full, or the machine stopped at that instant
            return
        if processus.naissance(pid) is None:
            return  # PostgreSQL itself sees to a dead postmaster's file
        if not _travaille_dans(pid, self.grappe):
            note.unlink()  # the number now belongs to another program
            return
        self._dire(
            "Un serveur PostgreSQL d’un lancement précédent tournait encore : il est fermé proprement."
        )
        for numero, delai in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0)):
            processus.signaler(pid, numero)
            if processus.attendre_fin(lambda: processus.naissance(pid) is None, delai, pause):
                return
        raise RefusDemarrage(
            f"un ancien serveur PostgreSQL (processus {pid}) ne se ferme pas : arrêtez-le puis relancez."
        )

    def _maitre(self, base: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.url(MAITRE, base), autocommit=True, connect_timeout=10)

    # -- start ----------------------------------------------------------------------------------------------

    def _commande(self) -> list[str]:
        reglages = {
            **REGLAGES,
            **({} if self.durable else REGLAGES_SANS_DURABILITE),
            **self.reglages,
            "listen_addresses": "127.0.0.1" if self.tcp else "",
            "port": str(self.port),
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
        }
        commande = [self.binaires.outil("postgres"), "-D", str(self.grappe)]
        for nom, valeur in reglages.items():
            commande += ["-c", f"{nom}={valeur}"]
        return commande

    def _lancer(self, pause: Pause) -> None:
        fin = time.monotonic() + 30
        while True:
            depuis = self.journal.stat().st_size if self.journal.exists() else 0
            with processus.ouvrir_journal(self.journal) as sortie:
                self.processus = processus.lancer(
                    self._commande(),
                    env=ENV_POSTGRES,
                    sortie=sortie,
                    compte=self.compte,
                    signal_de_mort=signal.SIGINT,
                )
            if self._attendre(self.processus, pause):
                return
            with self.journal.open("rb") as lu:
                lu.seek(depuis)
                texte = lu.read().decode(errors="replace")
            # Backends of a postmaster killed by -9 need a moment to notice.
            if "shared memory block" not in texte or time.monotonic() > fin:
                raise self._refus_de_lancement(texte)
            pause(0.2)

    def _attendre(self, serveur: subprocess.Popen[bytes], pause: Pause) -> bool:
        """True once it answers, False if it died. Replaying a long journal is waited for."""
        fin = time.monotonic() + 600
        while serveur.poll() is None:
            try:
                self._maitre().close()
            except psycopg.OperationalError as erreur:
                if "password authentication failed" in str(erreur):
                    raise RefusDemarrage(
                        f"la base refuse le mot de passe de {self.coffre.chemin} : remettez ce fichier "
                        "depuis une "
                        "sauvegarde, ou repartez de zéro avec « make clean DONNEES=1 »."
                    ) from erreur
                if time.monotonic() > fin:
                    raise RefusDemarrage(
                        f"PostgreSQL ne répond pas après dix minutes : voyez {self.journal}."
                    ) from erreur
                pause(0.02)
            else:
                return True
        return False

    def _refus_de_lancement(self, texte: str) -> RefusDemarrage:
        if "No space left on device" in texte:
            return disque_plein(self.emplacement)
        if "could not bind" in texte and self.tcp:
            return RefusDemarrage(f"le port {self.port} voulu pour PostgreSQL est déjà pris.")
        graves = [ligne for ligne in texte.splitlines() if "FATAL" in ligne or "PANIC" in ligne]
        motif = graves[-1].partition(": ")[2].strip() if graves else "sans message"
        return RefusDemarrage(f"PostgreSQL ne démarre pas ({motif}) : voyez {self.journal}.")


def _travaille_dans(pid: int, grappe: Path) -> bool:
    """A postmaster's working folder is its cluster. Where /proc is missing, trust its command line."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == grappe.resolve()
        except OSError:
            return False
    vu = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(grappe) in vu.stdout
