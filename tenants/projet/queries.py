"""Reads for the porteur's and the operator's pages, and what other domains may ask: dates due, counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from tenants.models import Adhesion, EtatStructure, Grappe, ProfilDate, Structure
from tenants.projet.models import (
    AvenantArs,
    CategorieFiness,
    ConsentementMembre,
    ContactRegional,
    ConventionArs,
    DecisionDeCumul,
    Departement,
    Depot,
    EtatJalon,
    FinancementDeclare,
    Jalon,
    Programme,
    Region,
    Seuil,
)
from tenants.projet.rules import arbre, cumul, eligibilite, programmes
from tenants.projet.rules.convention import Balance, balancer

# Category a profile stands for, until the number's own is read from FINESS. Source: à confirmer — répertoire FINESS.
_CATEGORIES = {"domicile": "209", "ssiad": "354", "saad": "460"}


def seuils(jour: date) -> eligibilite.Seuils:
    """Thresholds in force on ``jour``. Raises KeyError when one was never said: the data migration seeds them."""
    lus = {s.code: s for s in Seuil.objects.filter(depuis__lte=jour).order_by("depuis")}
    return eligibilite.Seuils(
        continent=lus[Seuil.Code.CONTINENT].valeur,
        iles=lus[Seuil.Code.ILES].valeur,
        national=lus[Seuil.Code.NATIONAL].valeur,
        source=lus[Seuil.Code.CONTINENT].source,
    )


def en_regle(programme: Programme) -> programmes.Programme:
    """The row as the pure rules read it."""
    return programmes.Programme(
        code=programme.code,
        nom=programme.nom,
        famille=programmes.Famille(programme.famille),
        objets=frozenset(programmes.Objet(o) for o in programme.objets),
        source=programme.source,
        citation=programme.citation,
        ouvert_du=programme.ouvert_du,
        commande_jusqu_au=programme.commande_jusqu_au,
        installation_jusqu_au=programme.installation_jusqu_au,
    )


def cadre(jour: date) -> arbre.Cadre:
    """Everything the tree needs to know of a day."""
    return arbre.Cadre(
        jour,
        seuils(jour),
        [en_regle(p) for p in Programme.objects.all()],
        [arbre.Region(r.code, r.nom, r.iles) for r in Region.objects.all()],
    )


def regions_par_prefixe(jour: date) -> dict[str, Region]:
    lignes = Departement.objects.filter(depuis__lte=jour).filter(
        Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=jour)
    )
    return {d.prefixe: d.region for d in lignes.select_related("region").order_by("depuis")}


def region_de(finess: str, table: Mapping[str, Region]) -> Region | None:
    """The longest start of the number that the table knows; None: nobody said where it is."""
    return next((table[finess[:n]] for n in (4, 3, 2) if finess[:n] in table), None)


@dataclass(frozen=True, slots=True)
class MembreLu:
    adhesion: Adhesion
    structure: Structure
    region: Region | None
    profil: str
    consentement: ConsentementMembre | None

    @property
    def compte(self) -> bool:
        """A closed structure is no longer an ESMS of the grappe; a suspended one still is."""
        return self.structure.etat != EtatStructure.CLOSE

    @property
    def en_regle(self) -> eligibilite.Membre:
        region = self.region
        return eligibilite.Membre(
            self.structure.finess, region.code if region else "", bool(region and region.iles), self.compte
        )


def membres(grappe: Grappe, jour: date) -> list[MembreLu]:
    """Members on ``jour`` with their region and their consent, in four queries."""
    adhesions: Any = (
        Adhesion.objects.filter(grappe=grappe, depuis__lte=jour)
        .filter(Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=jour))
        .select_related("structure__organisme")
        .prefetch_related(
            Prefetch(
                "structure__profils",
                ProfilDate.objects.filter(depuis__lte=jour).order_by("-depuis"),
                to_attr="profils_echus",
            ),
            Prefetch(
                "consentements",
                ConsentementMembre.objects.filter(retire_le__isnull=True, donne_le__lte=jour),
                to_attr="en_cours",
            ),
        )
        .order_by("structure__raison_sociale", "pk")
    )
    table = regions_par_prefixe(jour)
    return [
        MembreLu(
            a,
            a.structure,
            region_de(a.structure.finess, table),
            a.structure.profils_echus[0].profil if a.structure.profils_echus else "",
            a.en_cours[0] if a.en_cours else None,
        )
        for a in adhesions
    ]


def bilan(lus: Sequence[MembreLu], jour: date) -> eligibilite.Bilan:
    return eligibilite.evaluer([m.en_regle for m in lus], seuils(jour))


def depots(grappe: Grappe) -> "QuerySet[Depot]":
    return (
        Depot.objects.filter(grappe=grappe)
        .select_related("programme")
        .prefetch_related("membres")
        .order_by("-cree_a")
    )


def annuaire(codes: Sequence[str] | None = None) -> "QuerySet[ContactRegional]":
    lignes = ContactRegional.objects.select_related("region").order_by("region__nom", "genre")
    return lignes if codes is None else lignes.filter(region__code__in=codes)


# --- cumul ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LigneDeCumul:
    """One member in front of one demand."""

    membre: MembreLu
    verdict: cumul.Verdict
    avis: tuple[cumul.Avis, ...]
    financements: tuple[FinancementDeclare, ...]
    decisions: tuple[DecisionDeCumul, ...]


def cumuls(lus: Sequence[MembreLu], programme: Programme, objet: str, jour: date) -> list[LigneDeCumul]:
    """What the rules say of this demand for each member, in three queries."""
    ids = [m.structure.pk for m in lus]
    declares: dict[UUID, list[FinancementDeclare]] = {}
    for f in FinancementDeclare.objects.filter(structure_id__in=ids, obtenu_le__lte=jour).select_related(
        "programme"
    ):
        declares.setdefault(f.structure_id, []).append(f)
    rendues: dict[UUID, list[DecisionDeCumul]] = {}
    for d in DecisionDeCumul.objects.filter(
        structure_id__in=ids, programme=programme, objet=objet, rendu_le__lte=jour
    ):
        rendues.setdefault(d.structure_id, []).append(d)
    categories = {
        c.code: c.ouverte_a_sons for c in CategorieFiness.objects.filter(depuis__lte=jour).order_by("depuis")
    }
    regle = en_regle(programme)
    lignes = []
    for membre in lus:
        siens, decisions = declares.get(membre.structure.pk, []), rendues.get(membre.structure.pk, [])
        verdict, avis = cumul.juger(
            cumul.Demande(regle, objet, jour, categorie=_CATEGORIES.get(membre.profil, "")),
            [_financement(f) for f in siens],
            categories=categories,
            decisions=_valables(decisions),
        )
        lignes.append(LigneDeCumul(membre, verdict, avis, tuple(siens), tuple(decisions)))
    return lignes


def _financement(ligne: FinancementDeclare) -> cumul.Financement:
    code = ligne.programme.code if ligne.programme else ""
    return cumul.Financement(programmes.Famille(ligne.famille), ligne.objet, code)


def _valables(decisions: Sequence[DecisionDeCumul]) -> frozenset[cumul.Sens]:
    """The ARS's last opinion counts, and the direction's derogation beside it."""
    sens = [cumul.Sens(d.sens) for d in decisions]
    ars = next((s for s in sens if s != cumul.Sens.DEROGATION), None)
    return frozenset(s for s in sens if s == cumul.Sens.DEROGATION) | ({ars} if ars else frozenset())


# --- convention -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConventionLue:
    """A convention as its amendments left it."""

    convention: ConventionArs
    avenants: tuple[AvenantArs, ...]
    jalons: tuple[Jalon, ...]

    @property
    def montant(self) -> Decimal:
        return self.avenants[-1].montant if self.avenants else self.convention.montant

    @property
    def fin(self) -> date:
        return self.avenants[-1].fin if self.avenants else self.convention.fin

    @property
    def balance(self) -> Balance:
        return balancer(self.montant, (j.montant for j in self.jalons))

    @property
    def valide(self) -> Decimal:
        return sum((j.montant for j in self.jalons if j.etat == EtatJalon.VALIDE_ARS), Decimal(0))

    @property
    def hors_convention(self) -> tuple[Jalon, ...]:
        """Steps due after the end."""
        return tuple(j for j in self.jalons if j.echeance > self.fin)


def conventions(grappe: Grappe) -> list[ConventionLue]:
    """Conventions of a grappe with their amendments and steps, in four queries."""
    lignes = (
        ConventionArs.objects.filter(grappe=grappe)
        .select_related("programme", "region")
        .prefetch_related(
            "avenants", Prefetch("jalons", Jalon.objects.prefetch_related("preuves", "passages"))
        )
    )
    return [ConventionLue(c, tuple(c.avenants.all()), tuple(c.jalons.all())) for c in lignes]


def jalons_a_venir(grappe_id: UUID, avant: date) -> list[Jalon]:
    """Steps with no proof yet and due before ``avant`` (excluded), late ones included; for reminders."""
    return list(
        Jalon.objects.filter(
            convention__grappe_id=grappe_id,
            etat__in=(EtatJalon.A_VENIR, EtatJalon.REFUSE),
            echeance__lt=avant,
        )
        .select_related("convention")
        .order_by("echeance", "pk")
    )
