"""What a run knows: who acts, today, sectors, references already taken over."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dossier.reprise import queries
from dossier.reprise.models import Reprise
from dossier.reprise.registre import Cadre
from dossier.reprise.services import contenu
from plateforme.core.clock import today


def _retrouver(genre: str, references: Sequence[str]) -> dict[str, UUID]:
    index = {r: contenu.empreinte(r, contenu.REFERENCE) for r in references}
    return queries.references(genre, {r: marque for r, marque in index.items() if marque is not None})


def cadre_de(sujet: Reprise, acteur: Any) -> Cadre:
    """Read again for each chunk: a right taken away, a sector renamed count at once."""
    return Cadre(
        acteur=acteur,
        jour=today(),
        options=sujet.options,
        secteurs=queries.secteurs(),
        permis=queries.secteurs_permis(acteur),
        retrouver=_retrouver,
    )
