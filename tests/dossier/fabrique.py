"""What these tests type and count."""

import html
import re
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

FICHE: dict[str, Any] = {
    "civilite": "MME",
    "nom_naissance": "Le Goff",
    "nom_usage": "Riou",
    "prenoms": "Anne Marie",
    "ne_le": date(1942, 3, 12),
    "accompagne_depuis": date(2023, 2, 6),
    "telephone": "02 61 91 12 34",
    "commune": "Lannion",
}
FORMULAIRE = {
    **FICHE,
    "ne_le": "1942-03-12",
    "accompagne_depuis": "2023-02-06",
}


def texte(reponse: Any) -> str:
    """What is read: tags away, blanks of every kind as one space."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", reponse.content.decode()))).strip()


def requetes(client: Client, adresse: str) -> int:
    """Queries of a page that was already opened once."""
    assert client.get(adresse).status_code == 200
    with CaptureQueriesContext(connection) as vues:
        assert client.get(adresse).status_code == 200
    return len(vues)
