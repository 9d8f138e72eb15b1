"""One structure's deployment: steps, what comes next, what blocks, what happened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from plateforme.core.clock import today
from plateforme.faits import fait
from tenants.deploiement import rules
from tenants.deploiement.gabarits import QUESTIONS
from tenants.deploiement.models import EtapeDeParcours, Gabarit, Maturite, Mouvement, Parcours, Releve
from tenants.deploiement.models.gabarit import PHASES, Responsable
from tenants.deploiement.rules import EtapeVue


def parcours_de(structure_id: UUID) -> Parcours | None:
    """The one going on or signed; None before the opening."""
    return (
        Parcours.objects.select_related("structure__organisme", "gabarit", "vague")
        .filter(structure_id=structure_id, clos_a__isnull=True)
        .first()
    )


def en_production(structure_id: UUID) -> bool:
    return Parcours.objects.filter(
        structure_id=structure_id, clos_a__isnull=True, vsr_signee_a__isnull=False
    ).exists()


def etapes_vues(parcours: Parcours) -> list[EtapeVue]:
    return [_vue(e) for e in parcours.etapes.select_related("modele").order_by("modele__ordre")]


def _vue(e: EtapeDeParcours) -> EtapeVue:
    m = e.modele
    return EtapeVue(
        m.code, m.titre, m.phase, e.etat, e.echeance, m.ordre, m.responsable, m.bloquante, tuple(m.depend_de)
    )


@dataclass(frozen=True, slots=True)
class LigneDEtape:
    """A step as a page shows it. ``avance``: « 7 sur 9 » of its fact, empty without one."""

    vue: EtapeVue
    aide: str
    qui: str
    source: str
    retard: bool
    attend: tuple[str, ...]
    fait: str
    avance: str
    derogeable: bool
    preuve_exigee: bool
    preuve: str
    piece_id: UUID | None
    motif: str
    faite_a: datetime | None
    faite_par: str
    raci: dict[str, str]

    @property
    def manuelle(self) -> bool:
        return not self.fait and self.vue.code != rules.VSR


@dataclass(frozen=True, slots=True)
class Fiche:
    parcours: Parcours
    lignes: tuple[LigneDEtape, ...]
    mouvements: tuple[Mouvement, ...]

    @property
    def vues(self) -> list[EtapeVue]:
        return [ligne.vue for ligne in self.lignes]

    @property
    def phases(self) -> list[tuple[str, str, list[LigneDEtape]]]:
        return [(cle, nom, [li for li in self.lignes if li.vue.phase == cle]) for cle, nom in PHASES]

    @property
    def passees(self) -> int:
        return sum(1 for v in self.vues if v.passee)

    @property
    def bloquants(self) -> list[EtapeVue]:
        return rules.bloquants(self.vues)

    @property
    def prochaines(self) -> list[LigneDEtape]:
        par_code = {li.vue.code: li for li in self.lignes}
        return [par_code[v.code] for v in rules.prochaines(self.vues)]

    @property
    def jours(self) -> int:
        """Days left before the go-live; negative once it went by."""
        return (self.parcours.mise_en_production - today()).days

    def ligne(self, code: str) -> LigneDEtape | None:
        return next((li for li in self.lignes if li.vue.code == code), None)


def fiche_de(parcours: Parcours, *, mouvements: int = 30) -> Fiche:
    """Everything a page needs, in three queries."""
    etapes = list(parcours.etapes.select_related("modele").order_by("modele__ordre"))
    vues = {e.modele.code: _vue(e) for e in etapes}
    releves = {r.code: r for r in Releve.objects.filter(structure_id=parcours.structure_id)}
    jour = today()
    return Fiche(
        parcours,
        tuple(_ligne(e, vues, releves, jour) for e in etapes),
        tuple(parcours.mouvements.all()[:mouvements]) if mouvements else (),
    )


def _ligne(
    e: EtapeDeParcours, vues: dict[str, EtapeVue], releves: dict[str, Releve], jour: date
) -> LigneDEtape:
    m, vue = e.modele, vues[e.modele.code]
    releve = releves.get(m.fait)
    return LigneDEtape(
        vue=vue, aide=m.aide, qui=Responsable(m.responsable).label, source=m.source,
        retard=rules.en_retard(vue, jour),
        attend=tuple(a.titre for a in rules.attend(vue, vues)),
        fait=_phrase(m.fait),
        avance=f"{releve.fait} sur {releve.attendu}" if releve and releve.attendu > 1 else "",
        derogeable=m.derogeable, preuve_exigee=m.preuve_exigee, preuve=e.preuve, piece_id=e.piece_id,
        motif=e.motif, faite_a=e.faite_a, faite_par=e.faite_par, raci=m.raci,
    )  # fmt: skip


# Facts of the network itself: no structure declares them.
_DU_RESEAU = {
    "deploiement.maturite": "Le questionnaire est rempli",
    "deploiement.vsr": "La vérification est signée",
}


def _phrase(code: str) -> str:
    if not code or code in _DU_RESEAU:
        return _DU_RESEAU.get(code, "")
    try:
        return fait(code).phrase
    except KeyError:
        return code


@dataclass(frozen=True, slots=True)
class Axe:
    """A dimension of the questionnaire: mean of its answers, from 0 to 3."""

    nom: str
    note: float

    @property
    def pourcent(self) -> int:
        return round(self.note / 3 * 100)


def maturite_de(parcours: Parcours) -> tuple[Maturite | None, list[Axe]]:
    """The last answers, by axis in the order of the questionnaire."""
    derniere = parcours.maturites.order_by("-repondu_a").first()
    return derniere, axes(derniere.reponses) if derniere else []


def axes(reponses: dict[str, Any]) -> list[Axe]:
    notes: dict[str, list[int]] = {}
    for question in QUESTIONS:
        if question.code in reponses:
            notes.setdefault(question.axe, []).append(int(reponses[question.code]))
    return [Axe(nom, sum(valeurs) / len(valeurs)) for nom, valeurs in notes.items()]


def gabarits_par_projet() -> list[tuple[str, list[Gabarit]]]:
    """Versions of every template, the newest first, with how many deployments follow each."""
    groupes: dict[str, list[Gabarit]] = {}
    lignes = Gabarit.objects.annotate(
        suivis=Count("parcours", distinct=True), nombre=Count("etapes", distinct=True)
    )
    for g in lignes.order_by("type", "profil", "-version"):
        groupes.setdefault(f"{g.get_type_display().capitalize()}, {g.get_profil_display()}", []).append(g)
    return list(groupes.items())
