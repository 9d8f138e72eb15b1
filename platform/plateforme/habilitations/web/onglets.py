"""Tabs of « Droits »: each where this reader has its right."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from plateforme.habilitations.decision import peut


@dataclass(frozen=True, slots=True)
class Onglet:
    libelle: str
    adresse: str
    actif: bool


_ONGLETS = (
    ("matrice", "Matrice", "matrice", "habilitations.matrice.voir"),
    ("apercu", "Voir comme", "apercu", "habilitations.apercu.voir"),
    ("revues", "Revues", "revues", "habilitations.revue.voir"),
    ("fichier", "Fichiers", "droits_fichier", "habilitations.droits.exporter"),
    ("support", "Support", "support", "habilitations.support.voir"),
)


def onglets(request: HttpRequest, actif: str) -> list[Onglet]:
    return [
        Onglet(libelle, reverse(nom), cle == actif)
        for cle, libelle, nom, code in _ONGLETS
        if peut(request.user, code)
    ]
