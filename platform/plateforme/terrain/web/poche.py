"""What every page of the phone needs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from plateforme.habilitations.decision import peut
from plateforme.terrain.registres import onglets


@dataclass(frozen=True, slots=True)
class OngletPret:
    cle: str
    libelle: str
    icone: str
    adresse: str
    actif: bool
    nombre: int


def contexte(request: HttpRequest, actif: str) -> dict[str, Any]:
    """Tabs this person may open, ``actif`` being the current one."""
    prets = []
    for onglet in onglets():
        if not peut(request.user, onglet.action):
            continue
        try:
            adresse = reverse(onglet.url)
        except NoReverseMatch:
            continue
        nombre = onglet.compteur(request.user) if onglet.compteur else 0
        prets.append(
            OngletPret(onglet.cle, onglet.libelle, onglet.icone, adresse, onglet.cle == actif, nombre)
        )
    return {"onglets": prets, "compte": request.user}
