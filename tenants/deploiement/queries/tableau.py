"""The porteur's board: structures × steps, in a number of queries that does not grow with them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from plateforme.core.clock import today
from tenants.deploiement import rules
from tenants.deploiement.models import EtapeDeParcours, EtapeModele, Parcours
from tenants.deploiement.models.gabarit import PHASES
from tenants.deploiement.rules import EtapeVue
from tenants.models import Adhesion, Profil


@dataclass(frozen=True, slots=True)
class Filtre:
    """``pret``: nothing blocks; ``bloque_par``: code of a step in the way; ``retard``: something is late."""

    phase: str = ""
    profil: str = ""
    vague: str = ""
    situation: str = ""  # "", "prete", "en_cours", "retard", "production", "non_ouverte"
    bloque_par: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A cell. ``classe``: faite, derogee, sans_objet, retard, bloquee, proche, a_faire; empty without this step."""

    classe: str
    mot: str


@dataclass(frozen=True, slots=True)
class Colonne:
    code: str
    titre: str
    phase: str
    passees: int
    total: int


@dataclass(frozen=True, slots=True)
class LigneDeTableau:
    structure_id: UUID
    nom: str
    commune: str
    profil: str
    phase: str
    vague: str
    mise_en_production: date | None
    situation: str
    bloquants: tuple[str, ...]
    retards: int
    passees: int
    total: int
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Tableau:
    colonnes: tuple[Colonne, ...]
    lignes: tuple[LigneDeTableau, ...]
    total: int
    situations: dict[str, int]
    # (code, title, number of structures it blocks), the most frequent first.
    freins: tuple[tuple[str, str, int], ...]
    phases: tuple[tuple[str, str, int], ...]


SITUATIONS = {
    "production": "en production",
    "prete": "prêtes",
    "retard": "en retard",
    "en_cours": "dans les temps",
    "non_ouverte": "à ouvrir",
}
_PROCHE_JOURS = 14
MOTS = {
    "faite": "faite",
    "derogee": "dérogée",
    "sans_objet": "sans objet",
    "retard": "en retard",
    "bloquee": "attend une autre étape",
    "proche": "à faire sous quinze jours",
    "a_faire": "à faire",
    "": "sans cette étape",
}


def tableau(adhesions: "QuerySet[Adhesion]", filtre: Filtre | None = None) -> Tableau:
    """Four queries: members, deployments, templates' steps, steps."""
    filtre = filtre or Filtre()
    jour = today()
    membres = list(
        adhesions.filter(jusqu_au__isnull=True)
        .order_by("structure__raison_sociale")
        .values_list("structure_id", "structure__raison_sociale", "structure__commune", "phase")
    )
    parcours = {
        ligne[1]: ligne
        for ligne in Parcours.objects.filter(
            structure_id__in=[m[0] for m in membres], clos_a__isnull=True
        ).values_list(
            "pk",
            "structure_id",
            "mise_en_production",
            "vague__nom",
            "vsr_signee_a",
            "gabarit__profil",
            "gabarit_id",
        )
    }
    modeles = {m.pk: m for m in EtapeModele.objects.filter(gabarit__in={p[6] for p in parcours.values()})}
    par_parcours = _etapes([p[0] for p in parcours.values()], modeles)
    colonnes = _colonnes(modeles.values())
    lignes = []
    for structure_id, nom, commune, phase in membres:
        sien = parcours.get(structure_id)
        vues = par_parcours.get(sien[0], []) if sien else []
        lignes.append(_ligne(structure_id, nom, commune, phase, sien, vues, colonnes, jour))
    choisies = [li for li in lignes if _passe(li, filtre)]
    return Tableau(
        colonnes=_comptees(colonnes, choisies),
        lignes=tuple(choisies),
        total=len(lignes),
        situations=dict(Counter(li.situation for li in lignes)),
        freins=_freins(lignes, colonnes),
        phases=tuple(
            (cle, nom, sum(1 for li in lignes if li.phase == cle))
            for cle, nom in [*PHASES, ("production", "production")]
        ),
    )


def _etapes(parcours: Sequence[UUID], modeles: dict[UUID, EtapeModele]) -> dict[UUID, list[EtapeVue]]:
    """As plain rows: objects would cost more than the page."""
    par_parcours: dict[UUID, list[EtapeVue]] = {cle: [] for cle in parcours}
    fixes = {
        cle: (m.code, m.titre, m.phase, m.ordre, m.responsable, m.bloquante, tuple(m.depend_de))
        for cle, m in modeles.items()
    }
    for cle, modele, etat, echeance in EtapeDeParcours.objects.filter(parcours__in=parcours).values_list(
        "parcours_id", "modele_id", "etat", "echeance"
    ):
        code, titre, phase, ordre, qui, bloquante, depend_de = fixes[modele]
        par_parcours[cle].append(
            EtapeVue(code, titre, phase, etat, echeance, ordre, qui, bloquante, depend_de)
        )
    return par_parcours


def _colonnes(modeles: Iterable[EtapeModele]) -> list[tuple[str, str, str]]:
    """Steps of every template in use, once, in the order of the longest plan."""
    rangs = {cle: rang for rang, (cle, _) in enumerate(PHASES)}
    vues: dict[str, EtapeModele] = {}
    for modele in sorted(modeles, key=lambda m: (rangs[m.phase], -m.jours_avant, m.ordre)):
        vues.setdefault(modele.code, modele)
    return [(m.code, m.titre, m.phase) for m in vues.values()]


def _classe(vue: EtapeVue, par_code: dict[str, EtapeVue], jour: date) -> str:
    if vue.passee:
        return vue.etat
    if vue.echeance < jour:
        return "retard"
    if rules.attend(vue, par_code):
        return "bloquee"
    return "proche" if (vue.echeance - jour).days <= _PROCHE_JOURS else "a_faire"


_VIDE = Case("", MOTS[""])


def _ligne(
    structure_id: UUID, nom: str, commune: str, phase: str, sien: tuple[Any, ...] | None, vues: list[EtapeVue],
    colonnes: list[tuple[str, str, str]], jour: date,
) -> LigneDeTableau:  # fmt: skip
    par_code = {v.code: v for v in vues}
    classes = {v.code: _classe(v, par_code, jour) for v in vues}
    freins = rules.bloquants(vues)
    retards = sum(1 for c in classes.values() if c == "retard")
    signee = sien is not None and sien[4] is not None
    return LigneDeTableau(
        structure_id, nom, commune,
        profil=Profil(sien[5]).label if sien else "",
        phase=phase,
        vague=str(sien[3] or "") if sien else "",
        mise_en_production=sien[2] if sien else None,
        situation=_situation(sien is not None, signee, len(freins), retards),
        bloquants=tuple(f.code for f in freins),
        retards=0 if signee else retards,
        passees=sum(1 for v in vues if v.passee),
        total=len(vues),
        cases=tuple(Case(c, MOTS[c]) if (c := classes.get(code, "")) else _VIDE for code, _, _ in colonnes),
    )  # fmt: skip


def _situation(ouverte: bool, signee: bool, freins: int, retards: int) -> str:  # noqa: FBT001 - private
    if not ouverte:
        return "non_ouverte"
    if signee:
        return "production"
    if not freins:
        return "prete"
    return "retard" if retards else "en_cours"


def _passe(ligne: LigneDeTableau, f: Filtre) -> bool:
    return (
        (not f.phase or ligne.phase == f.phase)
        and (not f.profil or ligne.profil == f.profil)
        and (not f.vague or ligne.vague == f.vague)
        and (not f.situation or ligne.situation == f.situation)
        and (not f.bloque_par or f.bloque_par in ligne.bloquants)
        and (not f.q or f.q.casefold() in f"{ligne.nom} {ligne.commune}".casefold())
    )


def _comptees(colonnes: list[tuple[str, str, str]], lignes: list[LigneDeTableau]) -> tuple[Colonne, ...]:
    passees = {"faite", "derogee", "sans_objet"}
    return tuple(
        Colonne(
            code, titre, phase,
            sum(1 for li in lignes if li.cases[rang].classe in passees),
            sum(1 for li in lignes if li.cases[rang].classe),
        )
        for rang, (code, titre, phase) in enumerate(colonnes)
    )  # fmt: skip


def _freins(
    lignes: list[LigneDeTableau], colonnes: list[tuple[str, str, str]]
) -> tuple[tuple[str, str, int], ...]:
    titres = {code: titre for code, titre, _ in colonnes}
    compte = Counter(code for li in lignes if li.situation != "production" for code in li.bloquants)
    return tuple((code, titres[code], n) for code, n in compte.most_common())
