"""Professionals of the demonstration: a file the demonstration data writes, read at each page."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FICHIER = "demo_psc.json"
# An annuaire of nobody's: what Pro Santé Connect puts before the identifier in ``sub``.
_ANNUAIRE = "f:7e1de000-0000-4000-8000-000000000000"
# Source: nomenclature des objets de santé, TRE_G15-ProfessionSante (60 infirmier, 91 aide-soignant).
_PROFESSIONS = {"idec": "60", "infirmier": "60", "aide_soignant": "91"}


@dataclass(frozen=True, slots=True)
class Professionnel:
    identifiant: str
    prenom: str
    nom: str
    role: str
    libelle: str

    @property
    def sub(self) -> str:
        return f"{_ANNUAIRE}:{self.identifiant}"

    def claims(self) -> dict[str, Any]:
        """Shaped like what Pro Santé Connect gives: blank activities included, as they often are."""
        profession = _PROFESSIONS.get(self.role, "60")
        return {
            "sub": self.sub,
            "preferred_username": self.identifiant,
            "SubjectNameID": self.identifiant,
            "given_name": self.prenom,
            "family_name": self.nom,
            "email_verified": False,
            "SubjectRole": [f"{profession}^1.2.250.1.213.1.1.5.5"],
            "Secteur_Activite": "",
            "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
            "PSI_Locale": "1.2.250.1.213.1.3.1.1",
            "UITVersion": "1.0",
            "otherIds": [{"identifiant": self.identifiant, "origine": "RPPS", "qualite": 1}],
            "SubjectRefPro": {"exercices": [{"codeProfession": profession, "activities": []}]},
        }


def lire(donnees: Path) -> list[Professionnel]:
    """Nobody when the demonstration has not been loaded."""
    try:
        lues = json.loads((donnees / FICHIER).read_text(encoding="utf-8"))
        return [Professionnel(**ligne) for ligne in lues]
    except (OSError, ValueError, TypeError):
        return []
