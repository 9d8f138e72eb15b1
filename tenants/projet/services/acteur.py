"""Who acts for which grappe."""

from typing import Any, ClassVar

from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.decision import exiger
from tenants.models import Grappe


class ProjetRefuse(ErreurMetier):
    code: ClassVar[str] = "projet.grappe.refuse"


def la_sienne(acteur: Any, code: str) -> Grappe:
    """The grappe this porteur carries. Raises HabilitationRefusee, Introuvable."""
    exiger(acteur, code)
    grappe = Grappe.objects.filter(pk=acteur.grappe_id).first() if acteur.grappe_id else None
    if grappe is None:
        raise Introuvable("Aucune grappe ne vous est confiée.")
    return grappe


def net(texte: str, longueur: int) -> str:
    return " ".join(texte.split())[:longueur]
