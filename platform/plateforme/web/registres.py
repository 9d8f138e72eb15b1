"""Where domains plug their screens in, so that a page shows several domains without importing upwards.

Each domain registers in its ``apps.ready()``; pages read the registries in their declared order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest

Zone = Literal["tete", "principal", "cote", "pied"]


@dataclass(frozen=True, slots=True)
class EntreeRail:
    """One line of the left rail (or of the bottom bar on a phone). Absent, not greyed, without the right."""

    cle: str
    libelle: str
    icone: str
    url: str  # URL name, no argument
    ordre: int
    action: str  # right needed to see it
    groupe: str = ""  # "" = first group, else its title ("Gestion")
    compteur: Callable[[HttpRequest], int] | None = None  # e.g. unread notes; 0 shows nothing
    raccourci: str = ""  # "g p": two letters typed one after the other


@dataclass(frozen=True, slots=True)
class Panneau:
    """A block of *Aujourd’hui*. ``contexte`` gets (request, jour) and feeds ``gabarit``; None hides it.

    The template reads what it answered as ``donnees``.
    """

    cle: str
    zone: Zone
    ordre: int
    action: str
    gabarit: str
    contexte: Callable[[HttpRequest, date], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class ActionLigne:
    """A button of a line « À traiter »: a link (``url``) or a phone call (``url`` = tel:…)."""

    libelle: str
    url: str
    icone: str = ""
    principale: bool = False


@dataclass(frozen=True, slots=True)
class LigneATraiter:
    """Something that waits for a decision. ``gravite``: 0 alerte, 1 attention, 2 ordinary; sorted by harm."""

    cle: str
    gravite: Literal[0, 1, 2]
    famille: Literal["planning", "sante", "dossiers"]
    icone: str
    titre: str
    detail: str
    url: str
    depuis: datetime
    actions: tuple[ActionLigne, ...] = ()


@dataclass(frozen=True, slots=True)
class EntreeFil:
    """One entry of a usager's timeline."""

    cle: str
    quand: datetime
    famille: str  # "intervention", "transmission", "document"…: the filter
    icone: str
    titre: str
    auteur: str
    gabarit: str  # template of the body, receives ``entree``
    donnees: dict[str, Any] = field(default_factory=dict)
    ton: str = ""  # "", "marque", "info", "attention", "ok"


@dataclass(frozen=True, slots=True)
class Bandeau:
    """A line above every page, as long as it is true: an exceptional access is open, a service does not answer."""

    ton: Literal["alerte", "attention", "info"]
    icone: str
    texte: str
    lien: str = ""
    libelle_lien: str = ""
    # A gesture in place: its address and its label.
    geste: str = ""
    libelle_geste: str = ""


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """A result of the palette (Ctrl K)."""

    groupe: str  # "Usagers", "Intervenants", "Actions", "Pages"
    libelle: str
    detail: str
    url: str
    icone: str


@dataclass(frozen=True, slots=True)
class Creation:
    """An entry of the « Créer » menu."""

    libelle: str
    icone: str
    url: str  # URL name, no argument
    action: str
    ordre: int
    raccourci: str = ""  # "n t"


SourceATraiter = Callable[[HttpRequest, date], Iterable[LigneATraiter]]
SourceFil = Callable[[HttpRequest, UUID, datetime | None, int], Iterable[EntreeFil]]
SourceBandeau = Callable[[HttpRequest], Iterable[Bandeau]]
Chercheur = Callable[[HttpRequest, str], Iterable[Trouvaille]]

_rail: dict[str, EntreeRail] = {}
_panneaux: dict[str, Panneau] = {}
_a_traiter: dict[str, tuple[str, SourceATraiter]] = {}
_fil: dict[str, tuple[str, SourceFil]] = {}
_chercheurs: dict[str, tuple[str, Chercheur]] = {}
_creations: dict[str, Creation] = {}
_bandeaux: dict[str, SourceBandeau] = {}


def inscrire_rail(entree: EntreeRail) -> None:
    _rail[entree.cle] = entree


def inscrire_bandeau(cle: str, source: SourceBandeau) -> None:
    """``source`` is asked on every page: it must cost no query when it has nothing to say."""
    _bandeaux[cle] = source


def bandeaux(request: HttpRequest) -> list[Bandeau]:
    return [bandeau for source in _bandeaux.values() for bandeau in source(request)]


def inscrire_panneau(panneau: Panneau) -> None:
    _panneaux[panneau.cle] = panneau


def inscrire_a_traiter(cle: str, action: str, source: SourceATraiter) -> None:
    _a_traiter[cle] = (action, source)


def inscrire_fil(cle: str, action: str, source: SourceFil) -> None:
    _fil[cle] = (action, source)


def inscrire_chercheur(cle: str, action: str, chercheur: Chercheur) -> None:
    _chercheurs[cle] = (action, chercheur)


def inscrire_creation(creation: Creation) -> None:
    _creations[creation.url] = creation


def rail() -> list[EntreeRail]:
    return sorted(_rail.values(), key=lambda entree: entree.ordre)


def panneaux() -> list[Panneau]:
    return sorted(_panneaux.values(), key=lambda panneau: panneau.ordre)


def sources_a_traiter() -> list[tuple[str, SourceATraiter]]:
    return list(_a_traiter.values())


def sources_fil() -> list[tuple[str, SourceFil]]:
    return list(_fil.values())


def chercheurs() -> list[tuple[str, Chercheur]]:
    return list(_chercheurs.values())


def creations() -> list[Creation]:
    return sorted(_creations.values(), key=lambda creation: creation.ordre)
