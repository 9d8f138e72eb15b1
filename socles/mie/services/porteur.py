"""Whose certificates these are: the current structure and its organisme, as the directory knows them."""

from dataclasses import dataclass
from uuid import UUID

from plateforme.tenancy.courant import AucuneStructure, exiger_courant
from socles.mie.rules.identites import Porteur
from tenants.contexte import en_public
from tenants.models import EtatStructure, Structure


@dataclass(frozen=True, slots=True)
class Voisine:
    id: UUID
    nom: str


def _ici() -> UUID:
    contexte = exiger_courant()
    if contexte.structure_id is None:
        raise AucuneStructure
    return contexte.structure_id


def porteur() -> tuple[Porteur, str]:
    """Its numbers, and the name of the legal person."""
    structure_id = _ici()
    with en_public():
        ligne = Structure.objects.select_related("organisme").get(pk=structure_id)
        organisme = ligne.organisme
        return Porteur(ligne.finess, organisme.finess, organisme.siret), organisme.raison_sociale


def voisines() -> list[Voisine]:
    """The other active structures of the organisme."""
    structure_id = _ici()
    with en_public():
        organisme_id = Structure.objects.values_list("organisme_id", flat=True).get(pk=structure_id)
        lignes = Structure.objects.filter(organisme_id=organisme_id, etat=EtatStructure.ACTIVE)
        return [Voisine(s.pk, s.raison_sociale) for s in lignes.exclude(pk=structure_id)]
