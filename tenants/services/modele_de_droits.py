"""The model matrix of a grappe: published by its porteur, within the same bounds as any structure's own."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.domaines import COLONNES, motif_d_interdiction
from plateforme.habilitations.registre import ActionInconnue, action
from tenants.models import CelluleModele, Grappe


class ModeleRefuse(ErreurMetier):
    code: ClassVar[str] = "tenants.modele.refuse"


def conseiller(acteur: Any, *, code: str, role: str, permis: bool, motif: str) -> CelluleModele:
    """Advise one cell to the members of the grappe this porteur carries. Raises ModeleRefuse, Introuvable."""
    exiger(acteur, "tenants.grappe.modeler")
    motif = " ".join(motif.split())[:200]
    try:
        voulue = action(code)
    except ActionInconnue as erreur:
        raise ModeleRefuse(
            "Cette action n’existe pas.", champs={"code": "Choisissez une action."}
        ) from erreur
    if voulue.portee != "structure" or role not in COLONNES:
        raise ModeleRefuse("Choisissez une action et une fonction d’une structure.")
    interdit = motif_d_interdiction(voulue.domaine, role, permis=permis)
    if interdit is not None:
        raise ModeleRefuse(interdit)
    if permis == (role in voulue.roles):
        raise ModeleRefuse("C’est déjà le réglage d’origine\u00a0: il n’y a rien à conseiller.")
    if not motif:
        raise ModeleRefuse("Dites pourquoi.", champs={"motif": "Dites pourquoi."})
    with transaction.atomic():
        ligne, _ = CelluleModele.objects.update_or_create(
            grappe=_la_sienne(acteur), role=role, code=code, defaults={"permis": permis, "motif": motif}
        )
        noter("tenants.grappe.modele", action=code, role=role, permis=permis)
    return ligne


def retirer(acteur: Any, cellule_id: UUID) -> None:
    """Advise it no more; structures that adopted it keep it."""
    exiger(acteur, "tenants.grappe.modeler")
    with transaction.atomic():
        ligne = CelluleModele.objects.filter(pk=cellule_id, grappe=_la_sienne(acteur)).first()
        if ligne is None:
            raise Introuvable
        noter("tenants.grappe.modele", action=ligne.code, role=ligne.role, retire=True)
        ligne.delete()


def _la_sienne(acteur: Any) -> Grappe:
    grappe = Grappe.objects.filter(pk=acteur.grappe_id).first() if acteur.grappe_id else None
    if grappe is None:
        raise ModeleRefuse("Vous ne portez aucune grappe.")
    return grappe
