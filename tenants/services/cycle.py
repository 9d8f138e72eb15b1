"""The life of a structure after its opening: suspend, reopen, close, delete."""

from typing import ClassVar

from django.db import transaction

from plateforme.chiffrement import destructions
from plateforme.core.errors import ErreurMetier
from tenants import repertoire
from tenants.models import Emplacement, EtatEmplacement, EtatStructure, Structure
from tenants.rules import transition_permise
from tenants.services import archive, estampille


class TransitionRefusee(ErreurMetier):
    code: ClassVar[str] = "tenants.structure.transition_refusee"
    statut = 409


class SuppressionRefusee(ErreurMetier):
    code: ClassVar[str] = "tenants.structure.suppression_refusee"
    statut = 409


def _passer(structure: Structure, vers: EtatStructure, **champs: str) -> Structure:
    with transaction.atomic():
        verrouillee = Structure.objects.select_for_update().get(pk=structure.pk)
        if not transition_permise(verrouillee.etat, vers):
            raise TransitionRefusee(
                f"Une structure {verrouillee.get_etat_display()} ne peut pas devenir {vers.label}."
            )
        verrouillee.etat = vers
        for nom, valeur in champs.items():
            setattr(verrouillee, nom, valeur)
        verrouillee.save()
        transaction.on_commit(repertoire.oublier)
    return verrouillee


def suspendre(structure: Structure, *, motif: str) -> Structure:
    """Nobody signs in any more; nothing is lost. Raises TransitionRefusee."""
    if not motif.strip():
        raise TransitionRefusee("Donnez le motif de la suspension : il sera montré à qui ouvre son site.")
    return _passer(structure, EtatStructure.SUSPENDUE, suspendue_motif=motif.strip())


def rouvrir(structure: Structure) -> Structure:
    """A suspended structure works again; a closed one too, while its schema is still there."""
    if not Emplacement.objects.filter(structure=structure, etat=EtatEmplacement.ATTRIBUE).exists():
        raise TransitionRefusee(
            "Le schéma de cette structure a été supprimé : restaurez d’abord son archive."
        )
    return _passer(structure, EtatStructure.ACTIVE, suspendue_motif="")


def clore(structure: Structure) -> Structure:
    """Archive, then close: without an archive that can be read back there is no closing."""
    cle = archive.archiver(structure)
    return _passer(structure, EtatStructure.CLOSE, archive=cle)


def supprimer(structure: Structure, *, confirmation: str) -> None:
    """Destroy the schema, the role and the keys of a closed structure. ``confirmation`` is its FINESS, typed by a person.

    Its archive stays readable, under its own key, until ``archive.detruire`` at the end of its retention.
    """
    if structure.etat != EtatStructure.CLOSE or not structure.archive:
        raise SuppressionRefusee("Seule une structure close, donc archivée, peut être supprimée.")
    if confirmation.strip() != structure.finess:
        raise SuppressionRefusee("Le FINESS recopié ne correspond pas : rien n’a été supprimé.")
    archive.verifier(structure.archive)
    with transaction.atomic():
        emplacement = Emplacement.objects.select_for_update().get(structure=structure)
        references = archive.references_des_cles(emplacement.schema)
        emplacement.etat, emplacement.structure = EtatEmplacement.SUPPRIME, None
        emplacement.save()
        destructions.inscrire(str(structure.pk), references, motif="suppression_de_la_structure")
        transaction.on_commit(repertoire.oublier)
    estampille.detruire(emplacement.schema)
    destructions.executer(str(structure.pk), references)
