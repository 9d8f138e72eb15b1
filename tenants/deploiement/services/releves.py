"""Read the facts of a structure, keep them, tick the steps they prove. The structure is read from inside, once."""

from uuid import UUID

from django.db import transaction

from plateforme import faits
from plateforme.core.clock import now
from plateforme.outbox.base import MessageBase
from plateforme.tenancy.courant import exiger_courant
from tenants.contexte import en_public
from tenants.deploiement.models import EtapeDeParcours, Mouvement, Parcours, Releve
from tenants.deploiement.rules import Etat
from tenants.deploiement.services.auteur import PAR_LES_FAITS
from tenants.deploiement.services.phases import tenir_la_phase


def relever() -> None:
    """For the current structure: its facts, then its steps, in one transaction. Twice is once."""
    structure_id = exiger_courant().structure_id
    assert structure_id is not None
    with transaction.atomic():
        etats = faits.relever()
        with en_public():
            _garder(structure_id, etats)
            parcours = Parcours.objects.filter(structure_id=structure_id, clos_a__isnull=True).first()
            if parcours is not None:
                cocher(parcours)


def sur_changement(_message: MessageBase) -> None:
    """Consumer of the outbox: a fact may have moved."""
    relever()


def _garder(structure_id: UUID, etats: dict[str, faits.Etat]) -> None:
    instant = now()
    Releve.objects.bulk_create(
        [
            Releve(
                structure_id=structure_id, code=code, fait=e.fait, attendu=e.attendu, echeance=e.echeance,
                details=list(e.details), releve_a=instant,
            )
            for code, e in etats.items()
        ],
        update_conflicts=True,
        unique_fields=["structure", "code"],
        update_fields=["fait", "attendu", "echeance", "details", "releve_a"],
    )  # fmt: skip
    # A fact nobody declares any more proves nothing.
    Releve.objects.filter(structure_id=structure_id).exclude(code__in=etats).delete()


def cocher(parcours: Parcours) -> None:
    """Steps follow their facts, both ways, until the deployment is signed. A derogation stands until the fact is true."""
    if parcours.en_production:
        return
    tenus = _tenus(parcours)
    instant = now()
    changees = []
    for etape in parcours.etapes.select_related("modele").exclude(modele__fait=""):
        tenu = etape.modele.fait in tenus
        if tenu and etape.etat != Etat.FAITE:
            etape.etat, etape.du_fait, etape.faite_a, etape.faite_par = (
                Etat.FAITE,
                True,
                instant,
                PAR_LES_FAITS.nom,
            )
            etape.motif = ""
        elif not tenu and etape.etat == Etat.FAITE and etape.du_fait:
            etape.etat, etape.du_fait, etape.faite_a, etape.faite_par = Etat.A_FAIRE, False, None, ""
        else:
            continue
        changees.append(etape)
    EtapeDeParcours.objects.bulk_update(changees, ["etat", "du_fait", "faite_a", "faite_par", "motif"])
    Mouvement.objects.bulk_create(
        Mouvement(
            parcours=parcours, code=e.modele.code, geste="faite" if e.etat == Etat.FAITE else "rouverte",
            par=PAR_LES_FAITS.nom, a=instant,
        )
        for e in changees
    )  # fmt: skip
    Parcours.objects.filter(pk=parcours.pk).update(releve_a=instant)
    if changees:
        tenir_la_phase(parcours)


def _tenus(parcours: Parcours) -> set[str]:
    """Facts that are true, those of the network itself included."""
    tenus = {r.code for r in Releve.objects.filter(structure_id=parcours.structure_id) if r.tenu}
    if parcours.maturites.exists():
        tenus.add("deploiement.maturite")
    return tenus
