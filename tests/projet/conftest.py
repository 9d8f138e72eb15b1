"""A grappe carried by Paule, with the two structures, and another grappe she does not carry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from stdnum import luhn

from plateforme.reseau.models import CompteReseau
from tenants.models import Adhesion, EtatStructure, Grappe, Organisme, ProfilDate, Structure
from tenants.projet.models import ConventionArs, Programme, Region
from tests.support.monde import Monde


@dataclass
class Reseau:
    paule: Any
    denis: Any
    grappe: Grappe
    autre: Grappe
    appel: Programme
    sons: Programme


def finess(prefixe: str, rang: int) -> str:
    racine = f"{prefixe}99{rang:0{6 - len(prefixe)}d}"
    return racine + luhn.calc_check_digit(racine.replace("A", "1").replace("B", "2"))


def structure(
    prefixe: str, rang: int, etat: str = EtatStructure.ACTIVE, profil: str = "domicile"
) -> Structure:
    """A row of the directory, without a schema: enough to be counted."""
    organisme = Organisme.objects.get(finess="220000020")
    ligne = Structure.objects.create(
        organisme=organisme, finess=finess(prefixe, rang), raison_sociale=f"SAD {prefixe} {rang:02d}",
        slug=f"sad-{prefixe.lower()}-{rang}", etat=etat,
    )  # fmt: skip
    ProfilDate.objects.create(structure=ligne, depuis=date(2025, 1, 1), profil=profil)
    return ligne


def adherer(
    grappe: Grappe, ligne: Structure, depuis: date = date(2026, 1, 1), jusqu_au: date | None = None
) -> Adhesion:
    return Adhesion.objects.create(grappe=grappe, structure=ligne, depuis=depuis, jusqu_au=jusqu_au)


def conventionner(grappe: Grappe, appel: Programme, numero: str = "C-1") -> ConventionArs:
    return ConventionArs.objects.create(
        grappe=grappe, programme=appel, region=Region.objects.get(code="53"), numero=numero, signataires=["Direction"],
        montant=Decimal("1000.00"), signee_le=date(2026, 1, 5), debut=date(2026, 1, 5), fin=date(2027, 1, 5),
    )  # fmt: skip


@pytest.fixture
def reseau(monde: Monde) -> Iterator[Reseau]:
    with time_machine.travel("2026-03-02T09:00:00+00:00", tick=False):
        organisme = Organisme.objects.get(finess="220000020")
        grappe = Grappe.objects.create(nom="Grappe d’essai", porteur=organisme, ouverte_le=date(2026, 1, 1))
        autre = Grappe.objects.create(nom="Autre grappe", porteur=organisme, ouverte_le=date(2026, 1, 1))
        paule = CompteReseau.objects.get(identifiant="paule")
        paule.grappe_id = grappe.pk
        paule.save()
        appel = Programme.objects.create(
            code="appel-essai", nom="Appel d’essai", famille="esms_numerique", objets=["acquisition", "usages"],
            ouvert_du=date(2026, 1, 1), commande_jusqu_au=date(2026, 12, 31), source="essai",
        )  # fmt: skip
        denis = CompteReseau.objects.get(identifiant="denis")
        yield Reseau(paule, denis, grappe, autre, appel, Programme.objects.get(code="sons-v1"))
