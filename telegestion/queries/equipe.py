"""Intervenants: the list, a week, and who could take a visit."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from plateforme.core.clock import bornes_du_jour, fuseau, now
from plateforme.core.periods import Periode
from plateforme.core.tri import cle_de_tri
from telegestion.models import Absence, Intervenant, Intervention
from telegestion.queries.visites import Visite, interventions_visibles, visites_de
from telegestion.rules import NBSP, Creneau, duree_dite, verifier


def intervenants(texte: str = "", *, secteur_id: UUID | None = None) -> list[Intervenant]:
    """Those who still work here, by name; every word typed starts a word of the name."""
    lignes = Intervenant.objects.filter(parti_le=None).select_related("secteur", "compte")
    if secteur_id is not None:
        lignes = lignes.filter(secteur_id=secteur_id)
    for mot in cle_de_tri(texte).split():
        lignes = lignes.filter(Q(cle_tri__startswith=mot) | Q(cle_tri__contains=f" {mot}"))
    return list(lignes)


def minutes_de_la_semaine(jour: date) -> dict[UUID, int]:
    """Minutes planned with each intervenant in the week (Monday to Sunday) of ``jour``: one query."""
    lundi = jour - timedelta(days=jour.weekday())
    debut, fin = bornes_du_jour(lundi)[0], bornes_du_jour(lundi + timedelta(days=6))[1]
    sommes = (
        Intervention.objects.maintenues()
        .filter(debut__gte=debut, debut__lt=fin, intervenant__isnull=False)
        .order_by()
        .values("intervenant_id")
        .annotate(total=Sum(F("fin") - F("debut")))
    )
    return {s["intervenant_id"]: int(s["total"].total_seconds() // 60) for s in sommes}


def semaine_de(acteur: Any, intervenant_id: UUID, lundi: date) -> tuple[Visite, ...]:
    """Visits of seven days from ``lundi``: two queries."""
    debut, fin = bornes_du_jour(lundi)[0], bornes_du_jour(lundi + timedelta(days=6))[1]
    return visites_de(
        interventions_visibles(acteur).entre(debut, fin).filter(intervenant_id=intervenant_id), now()
    )


def absences_de(intervenant_id: UUID, apres: datetime) -> list[Absence]:
    return list(Absence.objects.filter(intervenant_id=intervenant_id, fin__gt=apres).order_by("debut"))


@dataclass(frozen=True, slots=True)
class Candidat:
    """Somebody who could take the visit, or why not."""

    id: UUID
    nom: str
    initiales: str
    telephone: str
    possible: bool
    raisons: tuple[str, ...]
    visites_recentes: int
    minutes_semaine: int
    minutes_contrat: int


RECENTE = timedelta(days=30)


def candidats(vue: Visite) -> list[Candidat]:
    """Everybody who works here, the most fitting first, in four queries whatever the size of the team.

    Fitting: free and within the law, then knows the person, then has the most hours left in the week.
    """
    jour = vue.debut.astimezone(fuseau()).date()
    debut = bornes_du_jour(jour - timedelta(days=jour.weekday() + 1))[0]
    fin = bornes_du_jour(jour + timedelta(days=8 - jour.weekday()))[1]
    equipe = list(Intervenant.objects.filter(Q(parti_le=None) | Q(parti_le__gt=jour)))
    absents = set(
        Absence.objects.filter(debut__lt=vue.fin, fin__gt=vue.debut).values_list("intervenant_id", flat=True)
    )
    autour: dict[UUID, list[Creneau]] = defaultdict(list)
    lignes = (
        Intervention.objects.maintenues()
        .entre(debut, fin)
        .filter(intervenant__isnull=False)
        .exclude(pk=vue.id)
    )
    for ligne in lignes.select_related("usager"):
        if ligne.intervenant_id is not None:
            autour[ligne.intervenant_id].append(
                Creneau(f"la visite de {ligne.usager.nom_court}", ligne.periode)
            )
    connus = dict(
        Intervention.objects.maintenues()
        .filter(usager_id=vue.usager_id, fin__lte=vue.debut, debut__gte=vue.debut - RECENTE)
        .order_by()
        .values_list("intervenant_id")
        .annotate(nombre=Count("pk"))
    )
    proposes = [
        _candidat(vue, e, autour[e.pk], connus.get(e.pk, 0), absent=e.pk in absents)
        for e in equipe
        if e.pk != vue.intervenant_id
    ]
    return sorted(
        proposes,
        key=lambda c: (
            not c.possible,
            -min(c.visites_recentes, 1),
            c.minutes_semaine - c.minutes_contrat,
            c.nom,
        ),
    )


def _candidat(
    vue: Visite, equipier: Intervenant, autour: list[Creneau], connu: int, *, absent: bool
) -> Candidat:
    zone = fuseau()
    voulu = Creneau(f"la visite de {vue.usager_court}", Periode(vue.debut, vue.fin))
    verdicts = verifier(voulu, autour, zone)
    semaine = vue.debut.astimezone(zone).isocalendar()[:2]
    heures = sum(
        c.periode.minutes for c in autour if c.periode.debut.astimezone(zone).isocalendar()[:2] == semaine
    )
    raisons = []
    if absent:
        raisons.append("Absence déclarée ce jour-là")
    raisons += [verdict.phrase for verdict in verdicts]
    if not raisons:
        raisons.append("Libre à cette heure")
    if connu:
        raisons.append(
            f"Connaît déjà {vue.usager_court}{NBSP}: {connu} visite{'s' if connu > 1 else ''} en 30 jours"
        )
    apres = heures + vue.minutes
    raisons.append(
        f"{duree_dite(apres)} cette semaine avec cette visite, "
        f"{duree_dite(equipier.minutes_semaine)} au contrat"
    )
    return Candidat(
        equipier.pk,
        equipier.nom_complet,
        equipier.initiales,
        equipier.telephone,
        possible=not absent and not verdicts,
        raisons=tuple(raisons),
        visites_recentes=connu,
        minutes_semaine=apres,
        minutes_contrat=equipier.minutes_semaine,
    )
