"""Reads of the journal: who read a dossier, in plain French; the DPD's search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncDate

from plateforme.audit.lectures import lectures_muettes
from plateforme.audit.models import Trace
from plateforme.audit.registre import GenreInconnu, genre
from plateforme.core.clock import bornes_du_jour
from plateforme.habilitations.registre import ActionInconnue, action
from plateforme.habilitations.registres import sujets
from plateforme.habilitations.roles import SUPPORT
from plateforme.identity.models import Compte

PAR_PAGE = 50


@dataclass(frozen=True, slots=True)
class Passage:
    """What one person did of one kind in a dossier, on one day. ``qui`` is empty for the service's own machinery."""

    jour: date
    qui: str
    fonction: str
    phrase: str
    nature: str
    premier: datetime
    dernier: datetime
    fois: int
    exceptionnel: bool


def phrase_de(code: str) -> str:
    """The sentence that follows the name: « a ouvert votre dossier »."""
    try:
        return genre(code).phrase
    except GenreInconnu:
        pass
    try:
        voulue = action(code)
    except ActionInconnue:
        return "a utilisé une fonction qui n’existe plus"
    return voulue.vu or f"a eu accès à votre nom\u00a0: {voulue.phrase}"


def phrase_neutre(code: str) -> str:
    """The same for who controls, of somebody else's dossier."""
    try:
        return genre(code).phrase
    except GenreInconnu:
        pass
    try:
        return f"a utilisé un droit\u00a0: {action(code).phrase}"
    except ActionInconnue:
        return "a utilisé une fonction qui n’existe plus"


def passages(sujet_id: UUID, *, page: int = 1) -> list[Passage]:
    """Who was in this dossier, day by day, the latest first. Two queries."""
    debut = (max(page, 1) - 1) * PAR_PAGE
    lignes = (
        Trace.objects.filter(sujets__contains=[sujet_id])
        .annotate(jour=TruncDate("instant"))
        .values("jour", "acteur_id", "role", "genre", "nature", "mode")
        .annotate(premier=Min("instant"), dernier=Max("instant"), fois=Count("numero"))
        .order_by("-jour", "-dernier", "genre")[debut : debut + PAR_PAGE]
    )
    trouvees = list(lignes)
    noms = noms_de(ligne["acteur_id"] for ligne in trouvees)
    return [
        Passage(
            jour=ligne["jour"],
            qui=_qui(ligne["role"], ligne["acteur_id"], noms),
            fonction=fonction_de(ligne["role"]),
            phrase=phrase_de(ligne["genre"]),
            nature=ligne["nature"],
            premier=ligne["premier"],
            dernier=ligne["dernier"],
            fois=ligne["fois"],
            exceptionnel=ligne["mode"] == "bris",
        )
        for ligne in trouvees
    ]


def _qui(role: str, acteur_id: UUID | None, noms: dict[UUID, Compte]) -> str:
    if role == SUPPORT:
        return "Un opérateur de Treille"
    return noms[acteur_id].nom_complet if acteur_id in noms else ""


def fonction_de(role: str) -> str:
    """The function at the time of the act, as the trace keeps it."""
    from plateforme.identity.models import Role

    if role == SUPPORT:
        return "support de la plateforme, données masquées"
    try:
        return str(Role(role).label)
    except ValueError:
        return ""


def noms_de(ids: Iterable[UUID | None]) -> dict[UUID, Compte]:
    """Accounts by id, in one query."""
    return Compte.objects.in_bulk([cle for cle in set(ids) if cle is not None])


@dataclass(frozen=True, slots=True)
class Criteres:
    """What the DPD looks for; empty means anything. ``du`` and ``au`` included, in the structure's days."""

    du: date | None = None
    au: date | None = None
    acteur_id: UUID | None = None
    sujet_id: UUID | None = None
    genre: str = ""
    mode: str = ""


def chercher(criteres: Criteres) -> "QuerySet[Trace]":
    """Traces that match, the latest first."""
    lignes: QuerySet[Trace] = Trace.objects.filter(efface_a__isnull=True).order_by("-numero")
    if criteres.du is not None:
        lignes = lignes.filter(instant__gte=bornes_du_jour(criteres.du)[0])
    if criteres.au is not None:
        lignes = lignes.filter(instant__lt=bornes_du_jour(criteres.au)[1])
    if criteres.acteur_id is not None:
        lignes = lignes.filter(acteur_id=criteres.acteur_id)
    if criteres.sujet_id is not None:
        lignes = lignes.filter(sujets__contains=[criteres.sujet_id])
    if criteres.genre:
        lignes = lignes.filter(genre=criteres.genre)
    if criteres.mode:
        lignes = lignes.filter(mode=criteres.mode)
    return lignes


@dataclass(frozen=True, slots=True)
class LigneJournal:
    """A trace as the DPD reads it. ``usagers``: civility, initials and year, never a name."""

    trace: Trace
    qui: str
    fonction: str
    phrase: str
    usagers: tuple[str, ...]
    autres: int


_REPERES_MONTRES = 3


def lignes_du_journal(acteur: Any, traces: Sequence[Trace]) -> list[LigneJournal]:
    """Names and landmarks for a page of traces, in a constant number of queries."""
    noms = noms_de(t.acteur_id for t in traces)
    montres = {t.numero: t.sujets[:_REPERES_MONTRES] for t in traces}
    cles = list(dict.fromkeys(cle for liste in montres.values() for cle in liste))
    # Landmarks of a control: the consultation itself is the trace, noted by the page.
    with lectures_muettes():
        connus = sujets().decrire(acteur, cles) if cles else {}
    return [
        LigneJournal(
            trace=t,
            qui=noms[t.acteur_id].nom_complet if t.acteur_id in noms else "",
            fonction=fonction_de(t.role),
            phrase=phrase_neutre(t.genre),
            usagers=tuple(
                connus[cle].repere if cle in connus else "dossier détruit" for cle in montres[t.numero]
            ),
            autres=max(0, len(t.sujets) - _REPERES_MONTRES),
        )
        for t in traces
    ]


@dataclass(frozen=True, slots=True)
class Chiffres:
    """Thirty days of the journal, without a name."""

    total: int
    bris: int
    support: int
    refus: int
    par_fonction: list[tuple[str, int]]
    par_genre: list[tuple[str, int]]


def chiffres(du: date, au: date) -> Chiffres:
    """Two queries."""
    lignes = Trace.objects.filter(
        efface_a__isnull=True, instant__gte=bornes_du_jour(du)[0], instant__lt=bornes_du_jour(au)[1]
    )
    fonctions = lignes.values_list("role", "mode").annotate(fois=Count("numero"))
    genres = lignes.values_list("genre").annotate(fois=Count("numero")).order_by("-fois", "genre")
    par_role: dict[str, int] = {}
    par_mode: dict[str, int] = {}
    for role, mode, fois in fonctions:
        par_role[role] = par_role.get(role, 0) + fois
        par_mode[mode] = par_mode.get(mode, 0) + fois
    par_genre = dict(genres)
    return Chiffres(
        total=sum(par_role.values()),
        bris=par_mode.get("bris", 0),
        support=par_mode.get("support", 0),
        refus=par_genre.get("dossier.acces.refuse", 0),
        par_fonction=[
            (fonction_de(role) or "le service lui-même", fois)
            for role, fois in sorted(par_role.items(), key=lambda r: (-r[1], r[0]))
        ],
        par_genre=[(phrase_neutre(code), fois) for code, fois in list(par_genre.items())[:12]],
    )
