"""Reads of dossiers, their right built in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from django.db.models import Q

from dossier.models import Proche, Usager, UsagerQuerySet, Vigilance
from dossier.queries.acces import (
    DossierFerme,
    avec_la_sante,
    expliquer,
    usagers_en_sante,
    usagers_visibles,
)
from plateforme.audit.journal import noter
from plateforme.audit.lectures import lectures_muettes
from plateforme.core.errors import Introuvable
from plateforme.habilitations.roles import SUPPORT
from plateforme.terrain.registres import Prudence


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
    # Through the mask, asking for a name would tell that it is there.
    if texte.strip() and compte.role != SUPPORT:
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
    """With ``lit_la_sante``: may this reader see the health data of this person. None: unknown, or not on the case."""
    lignes = avec_la_sante(usagers_visibles(compte), compte)
    return lignes.select_related("secteur").filter(pk=cle).first()


def exiger_usager(compte: Any, cle: UUID) -> Usager:
    """Raises Introuvable for who is not of this structure, DossierFerme (403, with what is missing) for the others."""
    trouve = usager(compte, cle)
    if trouve is None:
        refuser(compte, cle)
    return trouve


def refuser(compte: Any, cle: UUID) -> NoReturn:
    """Say why ``cle`` is not open to ``compte``: unknown (404), or closed (403) with the missing link; on record."""
    with lectures_muettes():
        explication = expliquer(compte, cle)
    if explication is None:
        raise Introuvable
    noter("dossier.acces.refuse", sujets=[cle])
    raise DossierFerme(explication, cle)


def fiche(compte: Any, cle: UUID) -> Fiche:
    """Three queries: the person, what to be careful about, the people around. Raises as ``exiger_usager``."""
    return fiche_de(compte, exiger_usager(compte, cle))


def fiche_de(compte: Any, trouve: Usager) -> Fiche:
    sante = bool(getattr(trouve, "lit_la_sante", False))
    return Fiche(
        usager=trouve,
        gir=trouve.gir if sante else None,
        lit_la_sante=sante,
        vigilances=vigilances_lisibles(compte, [trouve.pk]).get(trouve.pk, ()),
        proches=tuple(Proche.objects.filter(usager_id=trouve.pk).order_by("ordre", "nom_complet")),
    )


def vigilances_lisibles(compte: Any, usagers: Sequence[UUID]) -> dict[UUID, tuple[Vigilance, ...]]:
    """By usager, alerts first; those flagged as health data only where this reader gives care. One query."""
    lignes = Vigilance.objects.filter(
        Q(sante=False) | Q(usager_id__in=usagers_en_sante(compte)), usager_id__in=usagers
    )
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
    """GIR of each row whose health this reader sees; the others are absent. One query at most."""
    sues = set(usagers_en_sante(compte).filter(pk__in=[u.pk for u in lignes]).values_list("pk", flat=True))
    return {u.pk: u.gir for u in lignes if u.pk in sues}
