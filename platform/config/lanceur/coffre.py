import json
import os
import secrets
from pathlib import Path

from config.lanceur.erreurs import RefusDemarrage


def ecrire_atomique(chemin: Path, texte: str, mode: int = 0o600) -> None:
    """Either the old content or the new one is there after a crash, never half of it."""
    provisoire = chemin.with_name(f".{chemin.name}.{os.getpid()}")
    try:
        descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descripteur, "w", encoding="utf-8") as fichier:
            fichier.write(texte)
            fichier.flush()
            os.fsync(fichier.fileno())
        provisoire.replace(chemin)
    except OSError:
        provisoire.unlink(missing_ok=True)
        raise


class Coffre:
    """Generated passwords, kept in ``secrets.json`` (0600), or in memory when there is no path."""

    def __init__(self, chemin: Path | None = None) -> None:
        self.chemin = chemin
        self._valeurs: dict[str, str] = {}
        if chemin and chemin.exists():
            try:
                lues = json.loads(chemin.read_text(encoding="utf-8"))
                self._valeurs = {str(nom): str(valeur) for nom, valeur in lues.items()}
            except (ValueError, AttributeError) as erreur:
                raise RefusDemarrage(
                    f"{chemin} est illisible : remettez-le depuis une sauvegarde, "
                    "ou repartez de zéro avec « make clean DONNEES=1 »."
                ) from erreur

    def __contains__(self, nom: str) -> bool:
        return nom in self._valeurs

    def obtenir(self, nom: str, *, octets: int = 24) -> str:
        """The secret of that name, made and kept at the first call. Hexadecimal: safe in any URL."""
        if nom not in self._valeurs:
            valeurs = {**self._valeurs, nom: secrets.token_hex(octets)}
            if self.chemin:
                ecrire_atomique(self.chemin, json.dumps(valeurs, indent=2) + "\n")
            self._valeurs = valeurs
        return self._valeurs[nom]
