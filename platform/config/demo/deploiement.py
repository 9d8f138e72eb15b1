"""Deployments of the demonstration grappe, from the one that has just begun to the one in production."""

import random
from datetime import timedelta

from django.db import transaction

from plateforme.core.clock import now, today
from tenants.contexte import epingler
from tenants.deploiement.models import EtapeDeParcours, Parcours
from tenants.deploiement.rules import VSR, Etat
from tenants.deploiement.services import ouvrir, releves
from tenants.deploiement.services.auteur import Auteur
from tenants.models import Adhesion, Grappe, PhaseDeploiement, Structure

_PORTEUR = Auteur("Paule Tréhiou, porteur de grappe")
_DIRECTION = Auteur("Brigitte Le Floch, direction")

# Days before (or after) the go-live, by phase: what is due is done, but for what the dice leave late.
_JOURS = {
    PhaseDeploiement.CADRAGE.value: (165, 175),
    PhaseDeploiement.CONTRACTUALISATION.value: (112, 128),
    PhaseDeploiement.DEPLOIEMENT.value: (12, 60),
    PhaseDeploiement.PRODUCTION.value: (3, 6),
}


def installer(structures: list[Structure]) -> None:
    """Idempotent: a structure that has its deployment keeps it."""
    hasard = random.Random(20261122)  # noqa: S311 - a décor, not a secret
    grappe = Grappe.objects.get(nom="Grappe du Trégor")
    for rang, structure in enumerate(structures):
        phase = Adhesion.objects.get(structure=structure, grappe=grappe).phase
        jours = hasard.randint(*_JOURS[phase])
        with transaction.atomic():
            parcours, nouveau = ouvrir.ouvrir(
                structure,
                type_="acquisition" if rang % 3 else "mise_a_niveau",
                mise_en_production=today() + timedelta(days=jours),
                par=_PORTEUR,
            )
            if nouveau:
                _vieillir(parcours)
                _avancer(parcours, phase, hasard)
    _vagues(grappe, structures)


def _vieillir(parcours: Parcours) -> None:
    """As if it had been opened half a year ago: the dates of the whole plan, many of them gone by."""
    etapes = list(parcours.etapes.select_related("modele"))
    for etape in etapes:
        etape.echeance = parcours.mise_en_production - timedelta(days=etape.modele.jours_avant)
    EtapeDeParcours.objects.bulk_update(etapes, ["echeance"])


def _avancer(parcours: Parcours, phase: str, hasard: random.Random) -> None:
    jour = today()
    for etape in parcours.etapes.select_related("modele").order_by("modele__ordre"):
        en_production = phase == PhaseDeploiement.PRODUCTION.value
        due = etape.echeance <= jour + timedelta(days=5)
        if etape.modele.code == VSR or not (en_production or (due and hasard.random() > 0.12)):
            continue
        etape.etat, etape.faite_par = Etat.FAITE, _DIRECTION.nom
        etape.faite_a = now() - timedelta(days=max(1, (jour - etape.echeance).days + hasard.randint(1, 6)))
        etape.preuve = "Pièce vue par la structure" if etape.modele.preuve_exigee else ""
        if etape.modele.derogeable and hasard.random() < 0.1:
            etape.etat, etape.motif = (
                Etat.DEROGEE,
                "Service neuf\u00a0: sans objet pour la mise en production.",
            )
        etape.save()
    if phase == PhaseDeploiement.PRODUCTION.value:
        parcours.vsr_signee_a, parcours.vsr_signataire = now() - timedelta(days=20), "La directrice"
        parcours.save()
        EtapeDeParcours.objects.filter(parcours=parcours, modele__code=VSR).update(
            etat=Etat.FAITE, faite_a=parcours.vsr_signee_a, du_fait=True
        )
    Adhesion.objects.filter(structure=parcours.structure_id).update(phase=phase)


def _vagues(grappe: Grappe, structures: list[Structure]) -> None:
    if grappe.vagues.exists():
        return
    for nom, dans, choisies in (("Vague 1", 30, structures[3:7]), ("Vague 2", 115, structures[7:11])):
        ouvrir.mettre_en_vague(
            grappe, nom=nom, mise_en_production=today() + timedelta(days=dans),
            structures=[s.pk for s in choisies], par=_PORTEUR,
        )  # fmt: skip


def relever(structure: Structure) -> None:
    """The complete structure tells its own facts: its steps follow them."""
    with epingler(structure):
        releves.relever()
