"""Notes of these tests."""

from typing import Any

from dossier.models import Usager
from liaison.models import Transmission
from tests.support.monde import compte
from tests.telegestion.fabrique import a


def note(
    chez: Usager, qui: str = "awa", texte: str = "Bon appétit.", heure: str = "08:00", **champs: Any
) -> Transmission:
    return Transmission.objects.create(
        usager=chez, auteur=compte(qui), texte=texte, ecrite_a=champs.pop("ecrite_a", a(heure)), **champs
    )
