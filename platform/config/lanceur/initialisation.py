"""initdb, so that a folder named ``grappe`` is always a whole cluster, whatever interrupted its making."""

import os
import shutil
from pathlib import Path

from config.lanceur.binaires import Binaires
from config.lanceur.emplacement import ENV_POSTGRES, confier
from config.lanceur.erreurs import RefusDemarrage, disque_plein
from config.lanceur.processus import Compte, executer
from config.lanceur.roles import MAITRE


def initialiser(
    grappe: Path, binaires: Binaires, compte: Compte | None, secret: str, *, durable: bool
) -> None:
    """Make the cluster in a folder beside, then rename it."""
    en_cours = grappe.with_name("grappe.en-cours")
    phrase = grappe.with_name("motdepasse")
    try:
        _ecrire_secret(phrase, secret, compte)
        code, texte = _initdb(en_cours, phrase, "C.UTF-8", binaires, compte, durable=durable)
        if code and "invalid locale" in texte:  # an older libc, without C.UTF-8
            code, texte = _initdb(en_cours, phrase, "C", binaires, compte, durable=durable)
        if code:
            raise _refus(texte, grappe.parent)
        en_cours.rename(grappe)
        if durable:
            _fixer(grappe.parent)
    finally:
        phrase.unlink(missing_ok=True)
        shutil.rmtree(en_cours, ignore_errors=True)


def _ecrire_secret(phrase: Path, secret: str, compte: Compte | None) -> None:
    phrase.unlink(missing_ok=True)
    descripteur = os.open(phrase, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descripteur, "w") as fichier:
        fichier.write(secret)
    if compte:
        os.chown(phrase, compte.uid, compte.gid)


def _initdb(
    vers: Path, phrase: Path, locale: str, binaires: Binaires, compte: Compte | None, *, durable: bool
) -> tuple[int, str]:
    shutil.rmtree(vers, ignore_errors=True)
    confier(vers, compte)
    commande = [
        binaires.outil("initdb"), "-D", str(vers), "-U", MAITRE, "-E", "UTF8", "-k", "--auth=scram-sha-256",
        f"--pwfile={phrase}", "--locale-provider=libc", f"--locale={locale}", "--no-instructions",
    ]  # fmt: skip
    if not durable:
        commande.append("--no-sync")
    return executer(commande, env=ENV_POSTGRES, compte=compte)


def _fixer(dossier: Path) -> None:
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)


def _refus(texte: str, dossier: Path) -> RefusDemarrage:
    if "No space left on device" in texte or "Disk quota exceeded" in texte:
        return disque_plein(dossier)
    lignes = [ligne for ligne in texte.splitlines() if "error" in ligne.lower() or "FATAL" in ligne]
    motif = (lignes or texte.splitlines() or ["initdb s’est arrêté sans rien dire"])[-1].strip()
    return RefusDemarrage(
        f"la base n’a pas pu être préparée dans {dossier} ({motif}) : corrigez puis relancez, "
        "ou donnez une base par DATABASE_URL."
    )
