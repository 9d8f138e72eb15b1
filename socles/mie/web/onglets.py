"""The tabs of « Certificats et cartes »."""

from dataclasses import dataclass

from django.urls import reverse

PAGES = (
    ("mie", "Certificats"),
    ("mie_cartes", "Cartes et RPPS"),
    ("mie_besoins", "Besoins et bon de commande"),
    ("mie_contrat", "Contrat et personnes"),
)


@dataclass(frozen=True, slots=True)
class Onglet:
    libelle: str
    adresse: str
    actif: bool


def onglets(ici: str) -> list[Onglet]:
    return [Onglet(libelle, reverse(nom), nom == ici) for nom, libelle in PAGES]
