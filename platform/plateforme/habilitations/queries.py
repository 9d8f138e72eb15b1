"""Reads of rights: the matrix as a structure lives it, break-glass to review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from plateforme.audit.lectures import lectures_muettes
from plateforme.core.clock import now
from plateforme.habilitations.domaines import COLONNES, DOMAINES, Domaine, motif_d_interdiction
from plateforme.habilitations.models import BrisDeGlace, Campagne, Reglage, RevueBris, SessionSupport
from plateforme.habilitations.registre import Action, actions
from plateforme.habilitations.registres import Sujet, sujets


@dataclass(frozen=True, slots=True)
class Cellule:
    """One function for one action. ``regle``: this structure decided otherwise; ``interdit``: why it may not."""

    role: str
    permis: bool
    defaut: bool
    regle: bool
    motif: str = ""
    interdit: str = ""


@dataclass(frozen=True, slots=True)
class LigneMatrice:
    action: Action
    cellules: tuple[Cellule, ...]


@dataclass(frozen=True, slots=True)
class BlocMatrice:
    domaine: Domaine
    lignes: tuple[LigneMatrice, ...]


def matrice() -> list[BlocMatrice]:
    """Every action of the structure's site, by domain, with what this structure changed. One query."""
    reglages = {(r.code, r.role): r for r in Reglage.objects.all()}
    blocs = []
    for domaine in DOMAINES.values():
        lignes = tuple(
            LigneMatrice(a, tuple(_cellule(a, role, reglages.get((a.code, role))) for role in COLONNES))
            for a in actions()
            if a.domaine == domaine.cle and a.portee == "structure"
        )
        if lignes:
            blocs.append(BlocMatrice(domaine, lignes))
    return blocs


def _cellule(action: Action, role: str, reglage: Reglage | None) -> Cellule:
    defaut = role in action.roles
    permis = reglage.permis if reglage is not None else defaut
    return Cellule(
        role=role,
        permis=permis,
        defaut=defaut,
        regle=reglage is not None,
        motif=reglage.motif if reglage is not None else "",
        interdit=motif_d_interdiction(action.domaine, role, permis=not permis) or "",
    )


@dataclass(frozen=True, slots=True)
class BrisVu:
    """A break-glass as its reviewers see it."""

    bris: BrisDeGlace
    sujet: Sujet | None
    adresse: str
    en_retard: bool
    mien: bool


def bris_recents(acteur: Any, *, a_revoir: bool) -> list[BrisVu]:
    """Those that wait for a review, the most urgent first; or the last fifty judged. Two queries."""
    lignes = BrisDeGlace.objects.select_related("compte", "revue_par")
    if a_revoir:
        choisies = list(lignes.filter(revue=RevueBris.A_REVOIR).order_by("revue_avant"))
    else:
        choisies = list(lignes.exclude(revue=RevueBris.A_REVOIR).order_by("-revue_a")[:50])
    connus = sujets().decrire(acteur, [b.sujet_id for b in choisies])
    return [_vu(b, connus, acteur.pk, now()) for b in choisies]


def _vu(bris: BrisDeGlace, connus: dict[UUID, Sujet], moi: UUID, instant: datetime) -> BrisVu:
    en_retard = bris.revue == RevueBris.A_REVOIR and bris.revue_avant < instant
    return BrisVu(bris, connus.get(bris.sujet_id), "", en_retard, bris.compte_id == moi)


def nombre_a_revoir() -> int:
    return BrisDeGlace.objects.filter(revue=RevueBris.A_REVOIR).count()


def bris_ouverts_de(compte: Any) -> Sequence[BrisDeGlace]:
    """For the banner: what this account holds open now, from what it carries when it carries nothing."""
    from plateforme.habilitations.exceptions import bris_ouverts

    if not bris_ouverts(compte, now()):
        return []
    with lectures_muettes():  # the banner names nobody
        return list(BrisDeGlace.objects.ouverts(now()).filter(compte_id=compte.pk))


# Where no dated parameter says otherwise. Source: à confirmer (no text sets these; PGSSI-S asks for a regular review).
REVUE_PERIODE, REVUE_MOIS = "habilitations.revue.periodicite", 12
REVUE_RAPPEL, REVUE_JOURS = "habilitations.revue.rappel", 15


@dataclass(frozen=True, slots=True)
class Rappel:
    """``campagne``: the one to sign; None when one has to be opened."""

    campagne: Campagne | None
    phrase: str
    en_retard: bool
    depuis: datetime


def rappel_de_revue(jour: date) -> Rappel | None:
    """A deadline that comes within the dated period, or a last signature too old. One query or two."""
    campagne: Campagne | None = Campagne.objects.filter(signee_a=None).first()
    if campagne is not None:
        if campagne.echeance > jour + timedelta(days=_parametre(REVUE_RAPPEL, jour, REVUE_JOURS)):
            return None
        retard = campagne.echeance < jour
        phrase = (
            f"{campagne.titre}, {'échue' if retard else 'à signer avant'} le {campagne.echeance:%d/%m/%Y}"
        )
        return Rappel(campagne, phrase, retard, campagne.cree_a)
    derniere: Campagne | None = Campagne.objects.exclude(signee_a=None).order_by("-signee_a").first()
    if derniere is None or derniere.signee_a is None:
        return None
    ans, mois = divmod(_parametre(REVUE_PERIODE, jour, REVUE_MOIS), 12)
    if derniere.signee_a.date() + timedelta(days=365 * ans + 30 * mois) > jour:
        return None
    return Rappel(
        None, f"La dernière date du {derniere.signee_a:%d/%m/%Y}", en_retard=True, depuis=derniere.signee_a
    )


def _parametre(code: str, le: date, defaut: int) -> int:
    from plateforme.reference.models import Parametre

    lu = Parametre.objects.filter(code=code, en_vigueur__contains=le).first()
    return int(lu.valeur) if lu is not None and lu.valeur.isdigit() else defaut


@dataclass(frozen=True, slots=True)
class SupportVu:
    """``pages``: traces the operator left."""

    session: SessionSupport
    ouverte: bool
    pages: int


def sessions_de_support() -> list[SupportVu]:
    """The last fifty, those open first. Two queries."""
    from django.db.models import Count

    from plateforme.audit.models import Trace

    lignes = list(SessionSupport.objects.select_related("accordee_par")[:50])
    pages = dict(
        Trace.objects.filter(acteur_id__in=[ligne.pk for ligne in lignes], mode="support")
        .values_list("acteur_id")
        .annotate(n=Count("numero"))
        .order_by()
    )
    vus = [
        SupportVu(ligne, ligne.retiree_a is None and ligne.au > now(), pages.get(ligne.pk, 0))
        for ligne in lignes
    ]
    return sorted(vus, key=lambda vu: not vu.ouverte)
