"""The timeline of a person: what every domain has to tell, merged by date, page after page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.utils.timezone import localtime

from plateforme.core.clock import today
from plateforme.habilitations.decision import peut
from plateforme.web.registres import EntreeFil, sources_fil
from plateforme.web.templatetags.treille import jour_long

PAR_PAGE = 12
FAMILLES = {
    "transmission": "Transmissions",
    "intervention": "Interventions",
    "document": "Documents",
    "evaluation": "Évaluations",
}


@dataclass(frozen=True, slots=True)
class Jour:
    """Entries of one local day under their heading."""

    jour: date
    titre: str
    entrees: tuple[EntreeFil, ...]


@dataclass(frozen=True, slots=True)
class Filtre:
    cle: str
    libelle: str
    choisi: bool


@dataclass(frozen=True, slots=True)
class Fil:
    """``suite`` is where the next page starts, None at the beginning of the story."""

    jours: tuple[Jour, ...]
    filtres: tuple[Filtre, ...]
    famille: str
    suite: datetime | None

    @property
    def adresse_suite(self) -> str:
        return urlencode({"famille": self.famille, "avant": self.suite.isoformat()}) if self.suite else ""


def titre_du_jour(jour: date) -> str:
    """« Aujourd’hui, mardi 24 novembre », « Hier, lundi 23 novembre », « Samedi 21 novembre »."""
    dit = jour_long(jour)
    mot = {0: "Aujourd’hui", 1: "Hier"}.get((today() - jour).days)
    return f"{mot}, {dit[:1].lower()}{dit[1:]}" if mot else dit


def lire_curseur(brut: str) -> datetime | None:
    """What the address says, None when it means nothing."""
    try:
        instant = datetime.fromisoformat(brut)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def derouler(
    request: HttpRequest, usager_id: UUID, *, avant: datetime | None, famille: str, par_page: int = PAR_PAGE
) -> Fil:
    """A page of whole days, newest first. Each source is asked once, for one entry more than a page.

    A source tells of one famille: under a filter, the others' entries are only used to offer their filter.
    Edge: a day longer than a page is cut between two instants, never within one.
    """
    lues: list[EntreeFil] = []
    presentes: set[str] = set()
    for action, source in sources_fil():
        if peut(request.user, action):
            siennes = list(source(request, usager_id, avant, par_page + 1))
            presentes |= {entree.famille for entree in siennes}
            lues += [e for e in siennes if not famille or e.famille == famille]
    lues.sort(key=lambda e: (e.quand, e.cle), reverse=True)
    page, suite = _couper(lues, par_page)
    return Fil(_par_jour(page), _filtres(presentes, famille), famille, suite)


def _couper(lues: list[EntreeFil], par_page: int) -> tuple[list[EntreeFil], datetime | None]:
    """The page, and the instant before which the next one starts."""
    if len(lues) <= par_page:
        return lues, None
    page, limite = lues[:par_page], lues[par_page].quand
    entiers = [e for e in page if _jour(e) > localtime(limite).date()]
    if not entiers:  # the day does not fit: cut it between two instants
        entiers = [e for e in page if e.quand > limite] or page
    return entiers, entiers[-1].quand


def _jour(entree: EntreeFil) -> date:
    return localtime(entree.quand).date()


def _par_jour(entrees: Iterable[EntreeFil]) -> tuple[Jour, ...]:
    groupes: dict[date, list[EntreeFil]] = {}
    for entree in entrees:
        groupes.setdefault(_jour(entree), []).append(entree)
    return tuple(Jour(jour, titre_du_jour(jour), tuple(siennes)) for jour, siennes in groupes.items())


def _filtres(presentes: set[str], famille: str) -> tuple[Filtre, ...]:
    visibles = [cle for cle in FAMILLES if cle in presentes or cle == famille]
    if len(visibles) < 2 and not famille:
        return ()
    return (
        Filtre("", "Tout", not famille),
        *(Filtre(cle, FAMILLES[cle], cle == famille) for cle in visibles),
    )
