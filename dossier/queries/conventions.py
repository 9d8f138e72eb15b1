"""Reads of the links that are not one dossier's: conventions, sectors of a responsable."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from dossier.models import ConventionPartage, MembreConvention, Rattachement
from plateforme.core.clock import now
from plateforme.identity.models import Compte


@dataclass(frozen=True, slots=True)
class ConventionVue:
    """``personnes``: usagers whose consent in force names it."""

    convention: Any
    finie: bool
    membres: int
    personnes: int


def conventions(cle: UUID | None = None) -> list[ConventionVue]:
    """Those in force first. One query."""
    quand = now()
    vivant = Q(membreconvention__du__lte=quand) & (
        Q(membreconvention__au__isnull=True) | Q(membreconvention__au__gt=quand)
    )
    consenti = Q(consentement__du__lte=quand) & (
        Q(consentement__au__isnull=True) | Q(consentement__au__gt=quand)
    )
    lignes: Any = ConventionPartage.objects.annotate(
        membres_n=Count("membreconvention", filter=vivant, distinct=True),
        personnes_n=Count("consentement__usager", filter=consenti, distinct=True),
    ).order_by("partenaire", "-du")
    if cle is not None:
        lignes = lignes.filter(pk=cle)
    vues = [ConventionVue(c, c.au is not None and c.au <= quand, c.membres_n, c.personnes_n) for c in lignes]
    return sorted(vues, key=lambda vue: vue.finie)


def membres(convention_id: UUID) -> list[Any]:
    lignes = MembreConvention.objects.ouverts(now()).filter(convention_id=convention_id)
    return list(lignes.select_related("compte").order_by("compte__cle_tri"))


def rattachements_de(compte: Compte) -> list[Any]:
    """Sectors a responsable answers for now; a line without a sector is the whole structure."""
    lignes = Rattachement.objects.ouverts(now()).filter(compte=compte).select_related("secteur")
    return list(lignes.order_by("secteur__nom"))
