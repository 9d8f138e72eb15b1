"""A list of members opens their deployments too, line by line, with the type and date given with it."""

from datetime import date
from typing import Any

from tenants.deploiement.services import ouvrir
from tenants.deploiement.services.auteur import Auteur
from tenants.models import Structure


def ouvrir_le_parcours(structure: Structure, demande: dict[str, Any]) -> None:
    """Called after each opened line. Raises ErreurMetier: the line says so, the structure stays open."""
    voulu = demande.get("deploiement")
    if voulu:
        ouvrir.ouvrir(
            structure,
            type_=voulu["type"],
            mise_en_production=date.fromisoformat(voulu["le"]),
            par=Auteur(voulu["par"]),
        )
