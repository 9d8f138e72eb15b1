"""Visits of a day, their right built in: the bureau sees every visit, those who go out see their own."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from dossier.queries import usagers_visibles
from plateforme.core.clock import bornes_du_jour, now
from plateforme.habilitations.roles import SEDENTAIRES, SUPPORT
from telegestion.models import (
    Absence,
    Intervenant,
    Intervention,
    InterventionQuerySet,
    Pointage,
    SensPointage,
    Statut,
)
from telegestion.rules import A_DECIDER, LIBELLES, Etat, Fait, etat_de, phrase_du_jour

# Source: à confirmer — no national figure was found; the dispatchers asked agree on a quarter of an hour.
TOLERANCE_RETARD = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Visite:
    """An intervention with what its badges say, as every screen reads it."""

    id: UUID
    version: int
    debut: datetime
    fin: datetime
    nature: str
    nature_libelle: str
    consigne: str
    annulee_motif: str
    usager_id: UUID
    usager_nom: str
    usager_court: str
    usager_famille: str
    usager_telephone: str
    usager_vit_seul: bool
    secteur_id: UUID | None
    intervenant_id: UUID | None
    intervenant_nom: str
    intervenant_prenom: str
    intervenant_telephone: str
    arrivee: datetime | None
    depart: datetime | None
    etat: Etat

    @property
    def minutes(self) -> int:
        return int((self.fin - self.debut).total_seconds() // 60)

    @property
    def minutes_faites(self) -> int | None:
        """Between the two badges, None while one is missing."""
        if self.arrivee is None or self.depart is None:
            return None
        return max(0, int((self.depart - self.arrivee).total_seconds() // 60))

    @property
    def etat_libelle(self) -> str:
        return LIBELLES[self.etat]

    @property
    def commencee(self) -> bool:
        return self.arrivee is not None or self.depart is not None


@dataclass(frozen=True, slots=True)
class Equipier:
    """An intervenant on a given day."""

    id: UUID
    nom: str
    prenom: str
    initiales: str
    cle_tri: str
    secteur_id: UUID | None
    telephone: str
    absence: str = ""  # label of the absence, "" when present


@dataclass(frozen=True, slots=True)
class Journee:
    """Everything the strip, the frieze and the list of decisions need."""

    jour: date
    instant: datetime
    visites: tuple[Visite, ...]
    equipe: tuple[Equipier, ...]
    comptes: dict[Etat, int] = field(default_factory=dict)

    @property
    def tenues(self) -> tuple[Visite, ...]:
        """Not cancelled."""
        return tuple(v for v in self.visites if v.etat is not Etat.ANNULEE)

    def de_etat(self, *etats: Etat) -> list[Visite]:
        return [v for v in self.visites if v.etat in etats]

    def phrase(self, heure: int) -> str:
        return phrase_du_jour(sum(self.comptes.get(etat, 0) for etat in A_DECIDER), heure)


def interventions_visibles(acteur: Any) -> InterventionQuerySet:
    """At a desk, those of the people whose dossier is open; for who goes out, their own."""
    lignes: InterventionQuerySet = Intervention.objects.all()
    if acteur.role in (*SEDENTAIRES, SUPPORT):
        return lignes.filter(usager_id__in=usagers_visibles(acteur).order_by().values("pk"))
    return lignes.filter(intervenant__compte_id=acteur.pk)


def journee(acteur: Any, jour: date, *, secteur_id: UUID | None = None) -> Journee:
    """A local day in four queries, whatever the number of visits: visits, badges, absences, team."""
    debut, fin = bornes_du_jour(jour)
    lignes = interventions_visibles(acteur).entre(debut, fin)
    equipe = Intervenant.objects.filter(Q(parti_le=None) | Q(parti_le__gte=jour))
    if secteur_id is not None:
        lignes = lignes.filter(usager__secteur_id=secteur_id)
        equipe = equipe.filter(secteur_id=secteur_id)
    if acteur.role not in SEDENTAIRES:
        equipe = equipe.filter(compte_id=acteur.pk)
    instant = now()
    visites = visites_de(lignes, instant)
    absents = {
        absence.intervenant_id: str(absence.get_motif_display())
        for absence in Absence.objects.filter(debut__lt=fin, fin__gt=debut).only("intervenant_id", "motif")
    }
    equipiers = tuple(
        Equipier(
            e.pk,
            e.nom_complet,
            e.prenom,
            e.initiales,
            e.cle_tri,
            e.secteur_id,
            e.telephone,
            absents.get(e.pk, ""),
        )
        for e in equipe
    )
    return Journee(jour, instant, visites, equipiers, dict(Counter(v.etat for v in visites)))


def visites_de(lignes: InterventionQuerySet, instant: datetime) -> tuple[Visite, ...]:
    """Two queries: the visits with their people, then the badges of them all."""
    # Only now: ids in the second query would be one parameter per visit.
    trouvees = list(lignes.select_related("usager", "intervenant").order_by("debut", "usager__cle_tri"))
    badges = badges_de(Pointage.objects.filter(intervention__in=lignes.order_by().values("pk")))
    return tuple(visite_de(ligne, badges.get(ligne.pk, ()), instant) for ligne in trouvees)


def badges_de(pointages: Iterable[Pointage]) -> dict[UUID, list[Pointage]]:
    """Badges by visit; one that a later badge corrects no longer counts."""
    tous = list(pointages)
    corriges = {p.corrige_id for p in tous if p.corrige_id}
    par_visite: dict[UUID, list[Pointage]] = defaultdict(list)
    for pointage in tous:
        if pointage.pk not in corriges and pointage.intervention_id is not None:
            par_visite[pointage.intervention_id].append(pointage)
    return par_visite


def visite_de(ligne: Intervention, pointages: Sequence[Pointage], instant: datetime) -> Visite:
    """First arrival and last departure of the planned intervenant; another's badge proves nothing."""
    siens = [p for p in pointages if p.intervenant_id == ligne.intervenant_id]
    arrivee = min((p.pointe_a for p in siens if p.sens == SensPointage.ARRIVEE), default=None)
    depart = max((p.pointe_a for p in siens if p.sens == SensPointage.DEPART), default=None)
    usager, intervenant = ligne.usager, ligne.intervenant
    fait = Fait(
        ligne.debut,
        ligne.fin,
        annulee=ligne.statut == Statut.ANNULEE,
        pourvue=intervenant is not None,
        arrivee=arrivee,
        depart=depart,
    )
    return Visite(
        id=ligne.pk,
        version=ligne.version,
        debut=ligne.debut,
        fin=ligne.fin,
        nature=ligne.nature,
        nature_libelle=str(ligne.get_nature_display()),
        consigne=ligne.consigne,
        annulee_motif=ligne.annulee_motif,
        usager_id=usager.pk,
        usager_nom=usager.nom_complet,
        usager_court=usager.nom_court,
        usager_famille=usager.nom,
        usager_telephone=usager.telephone,
        usager_vit_seul=usager.vit_seul,
        secteur_id=usager.secteur_id,
        intervenant_id=ligne.intervenant_id,
        intervenant_nom=intervenant.nom_complet if intervenant else "",
        intervenant_prenom=intervenant.prenom if intervenant else "",
        intervenant_telephone=intervenant.telephone if intervenant else "",
        arrivee=arrivee,
        depart=depart,
        etat=etat_de(fait, instant, TOLERANCE_RETARD),
    )


def visite(acteur: Any, cle: UUID) -> Visite | None:
    """One visit the actor may see; None looks the same for unknown and for not his."""
    trouvees = visites_de(interventions_visibles(acteur).filter(pk=cle), now())
    return trouvees[0] if trouvees else None
