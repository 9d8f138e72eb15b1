"""Where PostgreSQL may live: it refuses root, and its own account may not see the folder of the clone."""

import hashlib
import json
import os
import pwd
import secrets
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from config.lanceur.coffre import ecrire_atomique
from config.lanceur.erreurs import RefusDemarrage
from config.lanceur.processus import Compte, executer

ENV_POSTGRES = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
CHEMIN_SOCKET_MAX = 107  # sun_path, less its final zero


def compte_postgres(grappe: Path | None = None) -> Compte | None:
    """None for an ordinary user; for root, the owner of an existing cluster, else a system account."""
    if os.geteuid() != 0:
        return None
    if grappe and grappe.exists() and (vu := grappe.stat()).st_uid != 0:
        return Compte(_nom_du_compte(vu.st_uid), vu.st_uid, vu.st_gid)
    for nom in ("postgres", "nobody"):
        try:
            entree = pwd.getpwnam(nom)
        except KeyError:
            continue
        if entree.pw_uid != 0:
            return Compte(nom, entree.pw_uid, entree.pw_gid)
    raise RefusDemarrage(
        "PostgreSQL refuse le compte root et cette machine n’a ni compte « postgres » ni compte « nobody » : "
        "lancez Treille depuis un compte ordinaire, ou donnez une base par DATABASE_URL."
    )


def _nom_du_compte(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def joignable(dossier: Path, compte: Compte | None) -> bool:
    if compte is None:
        return os.access(dossier, os.X_OK)
    return executer(["/bin/sh", "-c", 'cd "$1"', "sh", str(dossier)], env=ENV_POSTGRES, compte=compte)[0] == 0


def confier(dossier: Path, compte: Compte | None) -> Path:
    """Make ``dossier`` (0700) and give it to the account."""
    dossier.mkdir(mode=0o700, exist_ok=True)
    if compte:
        os.chown(dossier, compte.uid, compte.gid)
    return dossier


def racines_de_repli() -> list[Path]:
    return [Path("/var/lib/treille"), Path(f"/var/tmp/treille-{os.geteuid()}")]  # noqa: S108 - ownership is checked


def ouvrir_racine(racine: Path) -> bool:
    """Make the root of relocated folders; refuse one that somebody else could have prepared."""
    try:
        racine.mkdir(mode=0o755, exist_ok=True)
        vu = racine.lstat()
        if not stat.S_ISDIR(vu.st_mode) or vu.st_uid != os.geteuid() or vu.st_mode & 0o022:
            return False
        racine.chmod(0o755)  # whatever the umask said
    except OSError:
        return False
    return os.access(racine, os.W_OK)


def _ouvrir(dossier: Path) -> Path:
    dossier.mkdir(exist_ok=True)
    dossier.chmod(0o711)
    return dossier


def choisir_dossier(voulu: Path, compte: Compte | None, dire: Callable[[str], None]) -> Path:
    """``voulu`` when the account can reach it, else a folder elsewhere, remembered in ``voulu``."""
    voulu.mkdir(parents=True, exist_ok=True)
    voulu.chmod(0o711 if compte else 0o700)
    note = voulu / "emplacement.json"
    if note.exists():
        ailleurs = Path(json.loads(note.read_text(encoding="utf-8"))["dossier"])
        ouvrir_racine(ailleurs.parent)
        return _ouvrir(ailleurs)
    if compte is None or joignable(voulu, compte):
        return voulu
    if (voulu / "grappe").exists():
        raise RefusDemarrage(
            f"le compte « {compte.nom} » ne peut plus atteindre la base dans {voulu} : "
            "rendez ses dossiers parents traversables (chmod o+x)."
        )
    for racine in racines_de_repli():
        ailleurs = racine / f"base-{secrets.token_hex(4)}"
        if not ouvrir_racine(racine) or not joignable(racine, compte):
            continue
        ecrire_atomique(note, json.dumps({"dossier": str(ailleurs)}) + "\n")
        _ouvrir(ailleurs)
        dire(
            f"Le compte « {compte.nom} » ne peut pas atteindre {voulu} : la base est rangée dans {ailleurs}."
        )
        return ailleurs
    raise RefusDemarrage(
        f"le compte « {compte.nom} » ne peut atteindre ni {voulu} ni /var/lib/treille : "
        "donnez par TREILLE_DATA un dossier dont les parents sont traversables, ou une base par DATABASE_URL."
    )


def dossier_de_socket(voulu: Path, fichier: str, compte: Compte | None = None) -> Path:
    """``voulu``, or a short folder when the socket's path would pass the system's limit."""
    if len(os.fsencode(voulu / fichier)) <= CHEMIN_SOCKET_MAX:
        return confier(voulu, compte)
    uid = compte.uid if compte else os.geteuid()
    temporaire = Path(tempfile.gettempdir())
    if len(os.fsencode(temporaire)) > 40:
        temporaire = Path("/tmp")  # noqa: S108 - ownership is checked just below
    court = temporaire / f"treille-{uid}-{hashlib.sha256(os.fsencode(voulu)).hexdigest()[:10]}"
    try:
        court.mkdir(mode=0o700)
    except FileExistsError:
        vu = court.lstat()
        if not stat.S_ISDIR(vu.st_mode) or vu.st_uid not in {uid, os.geteuid()} or vu.st_mode & 0o022:
            court = Path(tempfile.mkdtemp(prefix="treille-", dir=temporaire))
    return confier(court, compte)
