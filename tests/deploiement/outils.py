"""Deployments of the two structures of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from plateforme.core.clock import today
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from tenants.deploiement.models import EtapeDeParcours, Parcours
from tenants.deploiement.services import ouvrir
from tenants.deploiement.services.auteur import Auteur
from tenants.models import Adhesion, Grappe, Organisme, Structure

PAULE = Auteur("Paule Réseau, porteur de grappe")
DIRECTION = Auteur("Direction Essai, direction")


@contextmanager
def public() -> Iterator[Contexte]:
    with lier(PUBLIC) as contexte:
        yield contexte


def structure(contexte: Contexte) -> Structure:
    return Structure.objects.get(pk=contexte.structure_id)


def grappe(*membres: Contexte, nom: str = "Grappe d’essai") -> Grappe:
    porteur = Organisme.objects.first()
    assert porteur is not None
    nouvelle = Grappe.objects.create(nom=nom, porteur=porteur, ouverte_le=date(2026, 1, 5))
    for membre in membres:
        Adhesion.objects.create(grappe=nouvelle, structure=structure(membre), depuis=date(2026, 1, 5))
    return nouvelle


def parcours(contexte: Contexte, *, type_: str = "acquisition", dans: int = 90) -> Parcours:
    """In public."""
    return ouvrir.ouvrir(
        structure(contexte), type_=type_, mise_en_production=today() + timedelta(days=dans), par=PAULE
    )[0]


def etat(sujet: Parcours, code: str) -> str:
    return EtapeDeParcours.objects.get(parcours=sujet, modele__code=code).etat


def passer(sujet: Parcours, *sauf: str) -> None:
    """Everything done but these, as weeks of work would leave it."""
    EtapeDeParcours.objects.filter(parcours=sujet).exclude(modele__code__in=[*sauf, "vsr"]).update(
        etat="faite"
    )
