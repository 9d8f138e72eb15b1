"""Reads of the journal: who read a dossier, in plain French; the DPD's search."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncDate

from plateforme.audit.models import Trace
from plateforme.audit.registre import GenreInconnu, genre
from plateforme.habilitations.registre import ActionInconnue, action
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
            fonction=_fonction(ligne["role"]),
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


def _fonction(role: str) -> str:
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
        lignes = lignes.filter(instant__date__gte=criteres.du)
    if criteres.au is not None:
        lignes = lignes.filter(instant__date__lte=criteres.au)
    if criteres.acteur_id is not None:
        lignes = lignes.filter(acteur_id=criteres.acteur_id)
    if criteres.sujet_id is not None:
        lignes = lignes.filter(sujets__contains=[criteres.sujet_id])
    if criteres.genre:
        lignes = lignes.filter(genre=criteres.genre)
    if criteres.mode:
        lignes = lignes.filter(mode=criteres.mode)
    return lignes
