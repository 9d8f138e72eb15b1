"""Reads of the directory for the operator and the porteur. Aggregates and states only, no dossier."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from plateforme.core.clock import today
from plateforme.habilitations.registres import CelluleConseillee, ModeleDeMatrice
from tenants.contexte import en_public
from tenants.models import (
    Adhesion,
    CelluleModele,
    Emplacement,
    Etape,
    EtatEmplacement,
    EtatStructure,
    Grappe,
    Passage,
    ProfilDate,
    Structure,
)


def rang_courant() -> int:
    """Rank of the newest fleet step; 0 before the first."""
    return Etape.objects.aggregate(dernier=Max("rang"))["dernier"] or 0


def schemas_en_retard() -> int:
    """How many schemas lack a step, free ones included."""
    return Emplacement.objects.exclude(etat=EtatEmplacement.SUPPRIME).filter(rang__lt=rang_courant()).count()


def structures(*, q: str = "", etat: str = "", grappe: str = "") -> "QuerySet[Structure]":
    """The operator's list: one query for the page, one for the profiles."""
    lignes = Structure.objects.select_related("organisme", "emplacement").prefetch_related(
        Prefetch(
            "profils",
            ProfilDate.objects.filter(depuis__lte=today()).order_by("-depuis"),
            to_attr="profils_echus",
        ),
        Prefetch(
            "adhesions",
            Adhesion.objects.filter(jusqu_au=None).select_related("grappe"),
            to_attr="adhesions_en_cours",
        ),
    )
    for mot in q.split():
        lignes = lignes.filter(
            Q(raison_sociale__icontains=mot) | Q(finess__startswith=mot.upper()) | Q(commune__icontains=mot)
            | Q(slug__startswith=mot.lower()) | Q(organisme__raison_sociale__icontains=mot)
        )  # fmt: skip
    if etat:
        lignes = lignes.filter(etat=etat)
    if grappe:
        lignes = lignes.filter(adhesions__grappe_id=grappe, adhesions__jusqu_au=None)
    return lignes.order_by("raison_sociale", "pk")


def comptes_par_etat() -> dict[str, int]:
    comptes = dict(Structure.objects.values_list("etat").annotate(n=Count("pk")).order_by())
    return {etat: comptes.get(etat, 0) for etat in EtatStructure.values}


@dataclass(frozen=True, slots=True)
class EtatFlotte:
    """Where the fleet stands, by three queries whatever its size."""

    rang: int
    a_jour: int
    en_retard: int
    reserve: int
    derniers_echecs: list[Passage]

    @property
    def total(self) -> int:
        return self.a_jour + self.en_retard


def etat_de_la_flotte() -> EtatFlotte:
    rang = rang_courant()
    comptes = Emplacement.objects.exclude(etat=EtatEmplacement.SUPPRIME).aggregate(
        a_jour=Count("pk", filter=Q(rang__gte=rang)),
        en_retard=Count("pk", filter=Q(rang__lt=rang)),
        reserve=Count("pk", filter=Q(etat=EtatEmplacement.PRET, rang=rang)),
    )
    echecs = list(
        Passage.objects.filter(reussi=False, emplacement__rang__lt=rang)
        .select_related("emplacement__structure")
        .order_by("-a")[:10]
    )
    return EtatFlotte(rang=rang, derniers_echecs=echecs, **comptes)


def grappe_de(grappe_id: UUID | None) -> Grappe | None:
    return Grappe.objects.select_related("porteur").filter(pk=grappe_id).first() if grappe_id else None


def grappes_et_membres() -> "QuerySet[Grappe]":
    return (
        Grappe.objects.select_related("porteur")
        .annotate(membres=Count("adhesions", filter=Q(adhesions__jusqu_au=None)))
        .order_by("nom")
    )


def modele_de_droits(structure_id: UUID) -> ModeleDeMatrice | None:
    """Model matrix of the grappe this structure belongs to; read from its own site too. None without grappe or cell."""
    with en_public():
        cellules = list(
            CelluleModele.objects.filter(
                grappe__adhesions__structure_id=structure_id, grappe__adhesions__jusqu_au__isnull=True
            ).select_related("grappe")
        )
    if not cellules:
        return None
    conseils = tuple(CelluleConseillee(c.role, c.code, c.permis, c.motif) for c in cellules)
    return ModeleDeMatrice(cellules[0].grappe.nom, conseils)


def cellules_de(grappe_id: UUID | None) -> list[CelluleModele]:
    """What a grappe advises now."""
    return list(CelluleModele.objects.filter(grappe_id=grappe_id)) if grappe_id else []
