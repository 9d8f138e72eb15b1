"""One visit in full: gestures, badges, history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from plateforme.identity.models import Compte
from telegestion.models import Geste, Intervenant, Intervention, Pointage, Statut
from telegestion.queries.visites import Visite


@dataclass(frozen=True, slots=True)
class GesteVu:
    id: UUID
    libelle: str
    precision: str
    fait_a: datetime | None
    non_fait_motif: str


@dataclass(frozen=True, slots=True)
class Badge:
    sens: str
    pointe_a: datetime
    recu_a: datetime
    preuve: str
    qui: str
    compte: bool  # False: somebody else's badge, it does not make the visit done


@dataclass(frozen=True, slots=True)
class Changement:
    quand: datetime
    qui: str
    quoi: str


@dataclass(frozen=True, slots=True)
class Detail:
    gestes: tuple[GesteVu, ...]
    badges: tuple[Badge, ...]
    changements: tuple[Changement, ...]


def detail(vue: Visite) -> Detail:
    """Gestures, badges and history of a visit already granted: four queries."""
    badges = Pointage.objects.filter(intervention_id=vue.id).select_related("intervenant")
    return Detail(
        gestes=gestes_de([vue.id]).get(vue.id, ()),
        badges=tuple(
            Badge(
                str(p.get_sens_display()),
                p.pointe_a,
                p.recu_a,
                str(p.get_preuve_display()),
                p.intervenant.nom_complet,
                p.intervenant_id == vue.intervenant_id,
            )
            for p in badges
        ),
        changements=_changements(vue.id),
    )


def gestes_de(interventions: Sequence[UUID]) -> dict[UUID, tuple[GesteVu, ...]]:
    par_visite: dict[UUID, list[GesteVu]] = defaultdict(list)
    for g in Geste.objects.filter(intervention_id__in=interventions).order_by("ordre", "id"):
        par_visite[g.intervention_id].append(
            GesteVu(g.pk, g.libelle, g.precision, g.fait_a, g.non_fait_motif)
        )
    return {cle: tuple(gestes) for cle, gestes in par_visite.items()}


def _changements(cle: UUID) -> tuple[Changement, ...]:
    """Newest first: who did what, told by comparing each version with the one before."""
    historique: Any = Intervention.history
    versions = list(historique.filter(id=cle).order_by("history_date", "history_id")[:50])
    comptes = {
        c.pk: c.nom_complet
        for c in Compte.objects.filter(pk__in={v.history_user_id for v in versions} - {None})
    }
    noms = {
        i.pk: i.nom_complet
        for i in Intervenant.objects.filter(pk__in={v.intervenant_id for v in versions} - {None})
    }
    changements = []
    avant: Any = None
    for version in versions:
        quoi = _ce_qui_change(avant, version, noms)
        if quoi:
            changements.append(
                Changement(version.history_date, comptes.get(version.history_user_id, ""), quoi)
            )
        avant = version
    return tuple(reversed(changements))


def _ce_qui_change(avant: Any, apres: Any, noms: dict[UUID, str]) -> str:
    if avant is None and apres.history_type == "+":
        return "a planifié la visite"
    if avant is None and apres.statut != Statut.ANNULEE:
        return "a modifié la visite"  # what it was before has no trace
    if avant is None or avant.statut != apres.statut:
        return (
            f"a annulé la visite\u00a0: {apres.annulee_motif}"
            if apres.statut == Statut.ANNULEE
            else "a rétabli la visite"
        )
    faits = []
    if (avant.debut, avant.fin) != (apres.debut, apres.fin):
        faits.append("a changé l’horaire")
    if avant.intervenant_id != apres.intervenant_id:
        nom = noms.get(apres.intervenant_id, "") if apres.intervenant_id else ""
        faits.append(f"a confié la visite à {nom}" if nom else "a laissé la visite à pourvoir")
    if (avant.nature, avant.consigne) != (apres.nature, apres.consigne):
        faits.append("a changé la consigne")
    return ", ".join(faits)
