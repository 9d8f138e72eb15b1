"""Kinds of records that may be taken over. A domain above registers its own in ``apps.ready()``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from dossier.reprise.rules.cellules import Lecteur


@dataclass(frozen=True, slots=True)
class Champ:
    """A field a column may fill. ``titres``: words its heading is known by.

    ``cache``: what these screens never show (health, keys, INS): they say only that something is there.
    """

    cle: str
    libelle: str
    titres: tuple[str, ...]
    lire: Lecteur
    cache: bool = False


@dataclass(slots=True)
class Lue:
    """A line whose cells were read. ``fautes``: field → sentence."""

    numero: int
    valeurs: dict[str, Any]
    fautes: dict[str, str] = field(default_factory=dict)
    objet: UUID | None = None  # the usager it hangs on, found by reference


@dataclass(frozen=True, slots=True)
class Cadre:
    """What a run knows besides its lines. ``secteurs``: sorting key → id; ``permis``: None when all are."""

    acteur: Any
    jour: date
    options: Mapping[str, Any]
    secteurs: dict[str, UUID]
    permis: frozenset[UUID] | None
    retrouver: Callable[[str, Sequence[str]], dict[str, UUID]]


@dataclass(frozen=True, slots=True)
class Traits:
    """What makes two lines the same: surely to be looked at (``strict``), or perhaps (``proche``)."""

    strict: str = ""
    proche: str = ""


@dataclass(frozen=True, slots=True)
class Cree:
    """A record as a line left it. ``sujet``: the usager it tells of, if any."""

    objet_id: UUID
    sujet_id: UUID | None
    marque: datetime


class Genre:
    """How a kind of record is read, recognised, written and taken away. One instance, registered once."""

    cle: ClassVar[str]
    libelle: ClassVar[str]  # « Usagers »
    un: ClassVar[str]  # « dossier »
    icone: ClassVar[str]
    ordre: ClassVar[int]
    action: ClassVar[str]  # right without which nobody takes these over
    modele: ClassVar[type[models.Model]]
    champs: ClassVar[tuple[Champ, ...]]
    # Each group asks for one of its fields to have a column, or one of its options to be set.
    requis: ClassVar[tuple[tuple[str, ...], ...]]
    options: ClassVar[tuple[str, ...]] = ()
    # Fields that « Compléter » may fill.
    completables: ClassVar[tuple[str, ...]] = ()
    avec_reference: ClassVar[bool] = True

    def champ(self, cle: str) -> Champ:
        return next(c for c in self.champs if c.cle == cle)

    def titres(self) -> dict[str, tuple[str, ...]]:
        return {c.cle: (c.libelle, *c.titres) for c in self.champs}

    def compter(self) -> int:
        return self.modele._default_manager.count()

    def verifier(self, lues: list[Lue], cadre: Cadre) -> None:
        """Fields together, and what they name elsewhere: adds to ``fautes``, may complete ``valeurs``."""

    def traits(self, lue: Lue) -> Traits:
        raise NotImplementedError

    def existants(self, lues: list[Lue], cadre: Cadre) -> dict[int, tuple[str, UUID]]:
        """Line → (strict or proche, record already there)."""
        raise NotImplementedError

    def creer(self, lues: list[Lue], cadre: Cadre) -> list[Cree]:
        """In the same order. In the caller's transaction."""
        raise NotImplementedError

    def completer(self, objet_id: UUID, lue: Lue, cadre: Cadre) -> tuple[Cree, list[str]] | None:
        """Fill the empty fields; None when the record is no longer there or not open to the actor."""
        raise NotImplementedError

    def remplir(self, fiche: Any, valeurs: Mapping[str, Any]) -> list[str]:
        """Write what the record lacks and the line has, of ``completables``; saved if anything was. What was."""
        faits = [
            champ
            for champ in self.completables
            if valeurs.get(champ) not in (None, "") and getattr(fiche, champ) in (None, "")
        ]
        for champ in faits:
            setattr(fiche, champ, valeurs[champ])
        if faits:
            fiche.save()
        return faits

    def vider(self, fiche: Any, champs: Sequence[str]) -> None:
        """Give back their emptiness to fields that ``remplir`` filled."""
        for champ in champs:
            setattr(fiche, champ, None if getattr(self.modele._meta.get_field(champ), "null", False) else "")
        fiche.save()

    def visibles(self, acteur: Any, ids: Sequence[UUID]) -> dict[UUID, Any]:
        """Records this reader may see."""
        raise NotImplementedError

    def nommer(self, fiche: Any) -> str:
        return str(fiche)

    def adresse(self, fiche: Any) -> str:
        """Where the record is shown; "" when it has no page."""
        return ""

    def relire(self, fiche: Any) -> dict[str, str]:
        """Field → what the record says now, as text, for the eye of who checks."""
        raise NotImplementedError

    def travaillees(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        """Records something was hung on since, and what: they cannot be taken away."""
        return {}

    def supprimer(self, ids: Sequence[UUID]) -> None:
        self.modele._default_manager.filter(pk__in=list(ids)).delete()


_genres: dict[str, Genre] = {}


def inscrire_genre(genre: Genre) -> None:
    """Called in ``apps.ready()``."""
    _genres[genre.cle] = genre


def genres() -> list[Genre]:
    return sorted(_genres.values(), key=lambda g: g.ordre)


def genre(cle: str) -> Genre:
    """Raises KeyError for a kind nobody registered."""
    return _genres[cle]
