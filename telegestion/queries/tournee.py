"""What the phone shows: one person's own visits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dossier.queries import usagers_visibles
from plateforme.core.clock import bornes_du_jour, now
from telegestion.models import Intervenant, Intervention
from telegestion.queries.details import GesteVu, gestes_de
from telegestion.queries.visites import Visite, visites_de
from telegestion.rules import Etat


@dataclass(frozen=True, slots=True)
class Etape:
    """A visit of the tour with its gestures."""

    visite: Visite
    gestes: tuple[GesteVu, ...]


@dataclass(frozen=True, slots=True)
class Tournee:
    jour: date
    instant: datetime
    etapes: tuple[Etape, ...]

    @property
    def faites(self) -> list[Etape]:
        return [e for e in self.etapes if e.visite.etat is Etat.FAITE]

    @property
    def courante(self) -> Etape | None:
        """The one going on, else the next one, else one whose hour went by without a badge.

        A planned hour that is over never takes a visit off the phone: whoever comes late still badges.
        """
        en_cours = [e for e in self.etapes if e.visite.etat is Etat.EN_COURS]
        restantes = [e for e in self.etapes if e.visite.etat in (Etat.EN_RETARD, Etat.A_VENIR)]
        sans_badge = [e for e in self.etapes if e.visite.etat is Etat.MANQUEE]
        return next(iter(en_cours or restantes or sans_badge), None)

    @property
    def ensuite(self) -> list[Etape]:
        courante = self.courante
        return [e for e in self.etapes if e not in self.faites and e is not courante]

    @property
    def nombre_faites(self) -> int:
        return sum(1 for e in self.etapes if e.visite.etat is Etat.FAITE)

    @property
    def en_cours(self) -> int:
        return sum(1 for e in self.etapes if e.visite.etat is Etat.EN_COURS)

    @property
    def fin(self) -> datetime | None:
        return max((e.visite.fin for e in self.etapes), default=None)


FERME = "Dossier fermé"
_QUE_FAIRE = "Cette personne s’oppose à votre accès\u00a0: appelez votre responsable avant d’y aller."


def fermer(acteur: Any, visites: Sequence[Visite]) -> list[Visite]:
    """A visit stays on the tour of who must make it; what tells of the person goes when the dossier is closed."""
    vus = set(
        usagers_visibles(acteur).filter(pk__in={v.usager_id for v in visites}).values_list("pk", flat=True)
    )
    return [v if v.usager_id in vus else _anonyme(v) for v in visites]


def _anonyme(visite: Visite) -> Visite:
    return replace(
        visite,
        usager_nom=FERME,
        usager_court=FERME,
        usager_famille=FERME,
        usager_telephone="",
        usager_vit_seul=False,
        consigne=_QUE_FAIRE,
    )


def tournee_de(acteur: Any, intervenant_id: UUID | None, jour: date) -> Tournee:
    """Own visits of a local day, cancelled ones left out, in four queries."""
    debut, fin = bornes_du_jour(jour)
    instant = now()
    if intervenant_id is None:
        return Tournee(jour, instant, ())
    lignes = Intervention.objects.maintenues().entre(debut, fin).filter(intervenant_id=intervenant_id)
    visites = fermer(acteur, visites_de(lignes, instant))
    gestes = gestes_de([v.id for v in visites if v.usager_nom != FERME])
    return Tournee(jour, instant, tuple(Etape(v, gestes.get(v.id, ())) for v in visites))


def etape_de(acteur: Any, cle: UUID) -> Etape | None:
    """A visit of the actor's own, whatever the day."""
    lignes = Intervention.objects.filter(pk=cle, intervenant__compte_id=acteur.pk)
    visites = visites_de(lignes, now())
    return Etape(visites[0], gestes_de([cle]).get(cle, ())) if visites else None


def intervenant_du_compte(compte: Any) -> Intervenant | None:
    return Intervenant.objects.filter(compte_id=compte.pk).first()
