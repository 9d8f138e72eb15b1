"""Crypto-shredding: master keys destroyed for ever, on a register that is read again after any restore."""

from collections.abc import Iterable
from uuid import UUID

from plateforme.chiffrement.fournisseurs import fournisseur
from plateforme.chiffrement.trousseau import MEMOIRE
from plateforme.observability.contexte import acteur_courant


def inscrire(proprietaire: str, references: Iterable[str], *, motif: str) -> None:
    """Write what is about to be destroyed; with ``public`` in front, in the caller's transaction."""
    from plateforme.chiffrement.reseau.models import DestructionDeCle

    DestructionDeCle.objects.create(
        proprietaire=proprietaire, references=sorted(references), motif=motif, acteur_id=acteur_courant()
    )


def executer(proprietaire: str, references: Iterable[str]) -> None:
    """Once the register is committed. Repeated: nothing more. Raises CleIndisponible: call again, or ``rejouer``."""
    for reference in sorted(references):
        fournisseur(reference).detruire(reference)
    MEMOIRE.oublier(proprietaire)


def rejouer(structure_id: UUID | None = None) -> int:
    """Destroy again every key of the register: after a restore, or a destruction that was cut. Returns how many."""
    from plateforme.chiffrement.reseau.models import DestructionDeCle

    lignes = DestructionDeCle.objects.order_by("pk")
    if structure_id is not None:
        lignes = lignes.filter(proprietaire__in=[str(structure_id), f"archive-{structure_id}"])
    faites = 0
    for ligne in lignes:
        executer(ligne.proprietaire, ligne.references)
        faites += len(ligne.references)
    return faites
