"""What a structure changes in its matrix, within the bounds of the law."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations import droits
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.domaines import COLONNES, motif_d_interdiction
from plateforme.habilitations.models import Reglage
from plateforme.habilitations.registre import Action, ActionInconnue, action
from plateforme.habilitations.registres import CelluleConseillee


class ReglageRefuse(ErreurMetier):
    code: ClassVar[str] = "habilitations.matrice.refusee"


def regler(acteur: Any, *, code: str, role: str, permis: bool, motif: str) -> None:
    """Give or take an action to a function. Back to the default erases the cell. Raises ReglageRefuse."""
    exiger(acteur, "habilitations.matrice.regler")
    voulue = _action(code)
    motif = " ".join(motif.split())[:200]
    if role not in COLONNES:
        raise ReglageRefuse("Cette fonction n’existe pas.", champs={"role": "Cette fonction n’existe pas."})
    interdit = motif_d_interdiction(voulue.domaine, role, permis=permis)
    if interdit is not None:
        raise ReglageRefuse(interdit)
    if not motif:
        raise ReglageRefuse("Dites pourquoi vous changez ce droit.", champs={"motif": "Dites pourquoi."})
    with transaction.atomic():
        avant = Reglage.objects.select_for_update().filter(code=code, role=role).first()
        if permis == (role in voulue.roles):
            if avant is not None:
                avant.delete()
        else:
            Reglage.objects.update_or_create(
                code=code, role=role, defaults={"permis": permis, "motif": motif, "regle_par_id": acteur.pk}
            )
        noter("habilitations.matrice.modifiee", action=code, role=role, permis=permis, motif=motif)
    droits.oublier(acteur)


def adopter(acteur: Any, conseils: Sequence[CelluleConseillee], *, de: str) -> int:
    """Set these cells as the grappe ``de`` advises; those already so are left. All of them, or none. How many changed."""
    exiger(acteur, "habilitations.matrice.regler")
    faites = 0
    with transaction.atomic():
        for conseil in ecarts(conseils):
            motif = f"Modèle de {de} : {conseil.motif}"
            regler(acteur, code=conseil.code, role=conseil.role, permis=conseil.permis, motif=motif)
            faites += 1
    return faites


def ecarts(conseils: Sequence[CelluleConseillee]) -> list[CelluleConseillee]:
    """Advised cells that this structure does not set so. One query."""
    regles = {(r.code, r.role): r.permis for r in Reglage.objects.all()}
    return [c for c in conseils if regles.get((c.code, c.role), c.role in _action(c.code).roles) != c.permis]


def _action(code: str) -> Action:
    try:
        trouvee = action(code)
    except ActionInconnue as erreur:
        raise ReglageRefuse("Cette action n’existe pas.") from erreur
    if trouvee.portee != "structure":
        raise ReglageRefuse("Cette action n’appartient pas à votre structure.")
    return trouvee
