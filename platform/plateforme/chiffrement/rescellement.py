"""After a new data key: what older ones sealed is sealed again, in batches, whenever one wants. Nothing waits for it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import models, transaction

from plateforme.chiffrement import coffre
from plateforme.chiffrement import format as forme
from plateforme.chiffrement.trousseau import trousseau_courant

# (most rows in one go) -> rows done; 0 when nothing is left behind.
Resceller = Callable[[int], int]
_inscrits: dict[str, Resceller] = {}


def inscrire_rescellement(nom: str, resceller: Resceller) -> None:
    """A domain that seals by ``coffre`` says how its rows follow; called in ``apps.ready()``."""
    _inscrits[nom] = resceller


def inscrire_colonne(modele: type[models.Model], champ: str, usage: Callable[[Any], str]) -> None:
    """The usual case: a bytea column, sealed under ``usage(row)``."""

    def resceller(lot: int) -> int:
        return _resceller_la_colonne(modele, champ, usage, lot)

    inscrire_rescellement(f"{modele._meta.label_lower}.{champ}", resceller)


def _resceller_la_colonne(
    modele: type[models.Model], champ: str, usage: Callable[[Any], str], lot: int
) -> int:
    active = trousseau_courant().active().id
    lignes = modele._default_manager.exclude(**{champ: None}).order_by("pk")
    vieilles = [cle for cle, scelle in lignes.values_list("pk", champ) if _par(scelle) not in {None, active}]
    with transaction.atomic():
        for ligne in modele._default_manager.select_for_update().filter(pk__in=vieilles[:lot]):
            clair = coffre.ouvrir(bytes(getattr(ligne, champ)), usage(ligne))
            setattr(ligne, champ, coffre.sceller(clair, usage(ligne)))
            ligne.save(update_fields=[champ])
    return len(vieilles[:lot])


def _par(scelle: bytes) -> UUID | None:
    """The data key that sealed it; None when it is not under one (the key of an usager moves by itself)."""
    octets = bytes(scelle)
    if not octets or octets[0] != forme.PAR_CLE:
        return None
    return forme.lire_entete(octets)[1]


def resceller_tout(*, lot: int = 500) -> dict[str, int]:
    """Everything left behind in the structure in front, in batches. Returns how many rows of each kind."""
    faits: dict[str, int] = {}
    for nom, resceller in sorted(_inscrits.items()):
        while fait := resceller(lot):
            faits[nom] = faits.get(nom, 0) + fait
    return faits
