"""Invented professionals with identifiers of the test range, shaped like the claims Pro Santé Connect gives."""

import json
from pathlib import Path
from typing import Any

_ANNUAIRE = "f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd"
SOLENN = "899700000011"
YANN = "899700000029"


def professionnel(identifiant: str, prenom: str, nom: str, profession: str = "60") -> dict[str, Any]:
    return {
        "sub": f"{_ANNUAIRE}:{identifiant}",
        "preferred_username": identifiant,
        "SubjectNameID": identifiant,
        "given_name": prenom,
        "family_name": nom,
        "email_verified": False,
        "codeCivilite": "MME",
        "SubjectRole": [f"{profession}^1.2.250.1.213.1.1.5.5"],
        "Secteur_Activite": "SA07^1.2.250.1.71.4.2.4",
        "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
        "PSI_Locale": "1.2.250.1.213.1.3.1.1",
        "UITVersion": "1.0",
        "otherIds": [{"identifiant": identifiant, "origine": "RPPS", "qualite": 1}],
        "SubjectRefPro": {
            "codeCivilite": "MME",
            "exercices": [{"codeProfession": profession, "activities": []}],
        },
    }


def officiel(materiel: Path) -> dict[str, Any]:
    """The sample the agency publishes, read where it lies: blank FINESS, and an identifier that is not a RPPS."""
    return json.loads((materiel / "psc" / "UserInfo_site_PSC.json").read_text(encoding="utf-8"))


def tous() -> list[dict[str, Any]]:
    return [professionnel(SOLENN, "Idec", "Essai"), professionnel(YANN, "Yann", "Inconnu")]
