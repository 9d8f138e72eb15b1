"""Reads of dossiers, their right built in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from dossier.models import Proche, Usager, UsagerQuerySet, Vigilance
from dossier.registres import Raison, affectations
from plateforme.core.clock import now
from plateforme.habilitations.decision import peut
from plateforme.habilitations.roles import BUREAU
from plateforme.terrain.registres import Prudence

TOUTE_LA_STRUCTURE = Raison("Tous les dossiers de la structure")


def usagers_visibles(compte: Any, instant: datetime | None = None) -> UsagerQuerySet:
    """All of them for the bureau; for the others, those some domain says they are on the case of, at ``instant``.

    The default is nobody: without an affectation registered, those who go out see no dossier.
    """
    usagers = Usager.objects.all()
    if compte.role in BUREAU:
        return usagers
    sienne = Q(pk__in=[])
    for affectation in affectations():
        sienne |= Q(pk__in=affectation.usagers(compte, instant or now()))
    return usagers.filter(sienne)


def raisons_d_acces(compte: Any, usager_id: UUID) -> list[Raison]:
    """Why this account reads this dossier, in words."""
    if compte.role in BUREAU:
        return [TOUTE_LA_STRUCTURE]
    instant = now()
    trouvees = [affectation.raison(compte, usager_id, instant) for affectation in affectations()]
    return [raison for raison in trouvees if raison is not None]


def lister(
    compte: Any, *, texte: str = "", secteur_id: UUID | None = None, statut: str = "accompagnes"
) -> UsagerQuerySet:
    """By name. ``texte``: words that start words of the names, or four digits of the telephone."""
    lignes = usagers_visibles(compte).select_related("secteur")
    if statut == "sortis":
        lignes = lignes.filter(sorti_le__isnull=False)
    elif statut != "tous":
        lignes = lignes.accompagnes()
    if secteur_id is not None:
        lignes = lignes.filter(secteur_id=secteur_id)
    if texte.strip():
        lignes = lignes.cherches(texte)
    return lignes.order_by("cle_tri", "pk")


@dataclass(frozen=True, slots=True)
class Fiche:
    """A person and what this reader may know of them. ``gir`` is None for who gives no care."""

    usager: Usager
    gir: int | None
    lit_la_sante: bool
    vigilances: tuple[Vigilance, ...]
    proches: tuple[Proche, ...]

    @property
    def personne_de_confiance(self) -> Proche | None:
        return next((p for p in self.proches if p.personne_de_confiance), None)


def usager(compte: Any, cle: UUID) -> Usager | None:
    """None looks the same for unknown, of another structure, and not on the case."""
    return usagers_visibles(compte).select_related("secteur").filter(pk=cle).first()


def fiche(compte: Any, cle: UUID) -> Fiche | None:
    """Three queries: the person, what to be careful about, the people around."""
    trouve = usager(compte, cle)
    return fiche_de(compte, trouve) if trouve is not None else None


def fiche_de(compte: Any, trouve: Usager) -> Fiche:
    sante = peut(compte, "dossier.sante.voir")
    return Fiche(
        usager=trouve,
        gir=trouve.gir if sante else None,
        lit_la_sante=sante,
        vigilances=vigilances_lisibles(compte, [trouve.pk]).get(trouve.pk, ()),
        proches=tuple(Proche.objects.filter(usager_id=trouve.pk).order_by("ordre", "nom_complet")),
    )


def vigilances_lisibles(compte: Any, usagers: Sequence[UUID]) -> dict[UUID, tuple[Vigilance, ...]]:
    """By usager, alerts first; those flagged as health data only for who gives care. One query."""
    lignes = Vigilance.objects.filter(usager_id__in=usagers)
    if not peut(compte, "dossier.sante.voir"):
        lignes = lignes.filter(sante=False)
    par_usager: dict[UUID, list[Vigilance]] = defaultdict(list)
    for vigilance in lignes.order_by("niveau", "libelle"):
        par_usager[vigilance.usager_id].append(vigilance)
    return {cle: tuple(siennes) for cle, siennes in par_usager.items()}


def prudences(compte: Any, usagers: Sequence[UUID]) -> Mapping[UUID, Prudence]:
    """What the phone says before entering: the vigilances this person may read."""
    return {
        cle: Prudence("À savoir\u00a0:", ". ".join(v.libelle for v in siennes) + ".")
        for cle, siennes in vigilances_lisibles(compte, usagers).items()
    }


def gir_lisibles(compte: Any, lignes: Sequence[Usager]) -> dict[UUID, int | None]:
    """GIR of each row, nothing at all for who gives no care."""
    if not peut(compte, "dossier.sante.voir"):
        return {}
    return {u.pk: u.gir for u in lignes}
