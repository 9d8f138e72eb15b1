"""Master keys in files, for development and tests: ``<owner>.<number>.cle``, readable by their owner alone."""

import os
import re
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from plateforme.chiffrement.erreurs import CleDetruite, CleIndisponible, ScelleInvalide
from plateforme.chiffrement.format import NONCE, associe

_REFERENCE = re.compile(r"fichier:([a-z0-9-]{1,60}\.[0-9]{1,6})")
_OCTETS = 32


class ClesEnFichiers:
    """A destroyed key leaves an empty ``.detruite`` beside it: gone on purpose is not the same as missing."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier

    def creer(self, proprietaire: str, *, nouvelle: bool = False) -> str:
        try:
            self.dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.dossier.chmod(0o700)
            numeros = self._numeros(proprietaire)
            dernier = max(numeros, default=0)
            if nouvelle or not numeros.get(dernier, False):
                dernier += 1
                self._ecrire(f"{proprietaire}.{dernier}")
        except OSError as erreur:
            raise CleIndisponible from erreur
        return f"fichier:{proprietaire}.{dernier}"

    def _numeros(self, proprietaire: str) -> dict[int, bool]:
        """Number of each key of the owner, and whether it still lives."""
        vus: dict[int, bool] = {}
        for fichier in self.dossier.glob(f"{proprietaire}.*"):
            _, numero, suffixe = fichier.name.rsplit(".", 2)
            vus[int(numero)] = suffixe == "cle" and vus.get(int(numero), True)
        return vus

    def _ecrire(self, nom: str) -> None:
        """Whole or not at all; of two processes at once, the first one's key stays."""
        provisoire = self.dossier / f".{nom}.{os.getpid()}.{os.urandom(4).hex()}"
        descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descripteur, "wb") as fichier:
                fichier.write(os.urandom(_OCTETS))
                fichier.flush()
                os.fsync(fichier.fileno())
            if not (self.dossier / f"{nom}.cle").exists():
                os.link(provisoire, self.dossier / f"{nom}.cle")
        except FileExistsError:
            pass
        finally:
            provisoire.unlink(missing_ok=True)
        self._fixer()

    def _fixer(self) -> None:
        descripteur = os.open(self.dossier, os.O_RDONLY)
        try:
            os.fsync(descripteur)
        finally:
            os.close(descripteur)

    def _lire(self, reference: str) -> AESGCM:
        trouve = _REFERENCE.fullmatch(reference)
        if trouve is None:
            raise ScelleInvalide
        nom = trouve[1]
        try:
            if (self.dossier / f"{nom}.detruite").exists():
                raise CleDetruite
            octets = (self.dossier / f"{nom}.cle").read_bytes()
        except OSError as erreur:
            raise CleIndisponible from erreur
        if len(octets) != _OCTETS:
            raise CleIndisponible
        return AESGCM(octets)

    def emballer(self, reference: str, octets: bytes, contexte: dict[str, str]) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._lire(reference).encrypt(nonce, octets, _lier(reference, contexte))

    def deballer(self, reference: str, emballee: bytes, contexte: dict[str, str]) -> bytes:
        cle = self._lire(reference)
        try:
            return cle.decrypt(emballee[:NONCE], emballee[NONCE:], _lier(reference, contexte))
        except (InvalidTag, ValueError) as erreur:
            raise ScelleInvalide from erreur

    def detruire(self, reference: str) -> None:
        trouve = _REFERENCE.fullmatch(reference)
        if trouve is None:
            raise ScelleInvalide
        fichier = self.dossier / f"{trouve[1]}.cle"
        try:
            (self.dossier / f"{trouve[1]}.detruite").touch(mode=0o600)
            if fichier.exists():
                with fichier.open("r+b") as ouvert:
                    ouvert.write(bytes(_OCTETS))
                    ouvert.flush()
                    os.fsync(ouvert.fileno())
                fichier.unlink()
            self._fixer()
        except OSError as erreur:
            raise CleIndisponible from erreur


def _lier(reference: str, contexte: dict[str, str]) -> bytes:
    return associe(reference, *(partie for paire in sorted(contexte.items()) for partie in paire))
