"""Where identity providers put themselves on the sign-in page, beside the local account."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

# Where to start from for this request, None when this site or this structure does not offer it.
AdresseDe = Callable[[HttpRequest], str | None]


@dataclass(frozen=True, slots=True)
class Fournisseur:
    cle: str
    libelle: str
    adresse_de: AdresseDe
    icone: str


@dataclass(frozen=True, slots=True)
class Offre:
    """A provider as the page of this request shows it; ``url`` and ``libelle`` are what the template reads."""

    cle: str
    libelle: str
    url: str
    icone: str


_fournisseurs: dict[str, Fournisseur] = {}


def inscrire_fournisseur(cle: str, libelle: str, adresse_de: AdresseDe, icone: str = "") -> None:
    """Called in ``apps.ready()``; a key registered twice is replaced."""
    _fournisseurs[cle] = Fournisseur(cle, libelle, adresse_de, icone)


def fournisseurs(request: HttpRequest) -> list[Offre]:
    """What this sign-in page offers, in the order of registration."""
    return [
        Offre(f.cle, f.libelle, adresse, f.icone)
        for f in _fournisseurs.values()
        if (adresse := f.adresse_de(request))
    ]
