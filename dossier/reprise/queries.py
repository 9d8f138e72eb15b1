"""Reads of takeovers: the direction sees them all, who prepares sees theirs."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet

from dossier.models import Secteur
from dossier.queries.acces import liens_de
from dossier.reprise import registre
from dossier.reprise.models import (
    FAITES,
    EtatLigne,
    EtatReprise,
    Ligne,
    Passage,
    ReferenceExterne,
    Reprise,
)
from plateforme.core.clock import today
from plateforme.core.errors import Introuvable
from plateforme.core.tri import cle_de_tri
from plateforme.faits import Etat
from plateforme.habilitations.decision import peut
from plateforme.habilitations.roles import DIRECTION, RESPONSABLE
from plateforme.reference.models import Parametre
from plateforme.storage.models import Document

GARDE = "reprise.fichier.jours"
_GARDE_DEFAUT = 30


def reprises(acteur: Any) -> "QuerySet[Reprise]":
    lignes = Reprise.objects.select_related("depose_par", "signee_par")
    return lignes if acteur.role == DIRECTION else lignes.filter(depose_par_id=acteur.pk)


def reprise(acteur: Any, cle: UUID) -> Reprise:
    """Raises Introuvable: unknown, or somebody else's."""
    trouvee = reprises(acteur).filter(pk=cle).first()
    if trouvee is None:
        raise Introuvable
    return trouvee


def genres_permis(acteur: Any) -> list[registre.Genre]:
    return [genre for genre in registre.genres() if peut(acteur, genre.action)]


def comptes(cle: UUID) -> dict[str, int]:
    """Lines by state; one query."""
    lus = Ligne.objects.filter(reprise_id=cle).order_by().values_list("etat").annotate(n=Count("pk"))
    return {**dict.fromkeys(EtatLigne.values, 0), **dict(lus)}


def dernier_passage(cle: UUID) -> Passage | None:
    return Passage.objects.filter(reprise_id=cle).order_by("-cree_a").first()


def compter_tout() -> dict[str, int]:
    return {genre.cle: genre.compter() for genre in registre.genres()}


def secteurs() -> dict[str, UUID]:
    return {cle_de_tri(nom): cle for cle, nom in Secteur.objects.values_list("pk", "nom")}


def secteurs_permis(acteur: Any) -> frozenset[UUID] | None:
    """Where this account may file somebody; None: anywhere, and nowhere in particular."""
    if acteur.role != RESPONSABLE:
        return None
    liens = liens_de(acteur, None)
    return None if liens.toute_la_structure else frozenset(liens.secteurs)


def references(genre: str, index: dict[str, bytes]) -> dict[str, UUID]:
    """Reference → record, for those known. ``index``: reference → its blind mark."""
    connues = {
        bytes(marque or b""): objet
        for marque, objet in ReferenceExterne.objects.filter(
            genre=genre, reference_index__in=list(index.values())
        ).values_list("reference_index", "objet_id")
    }
    return {reference: connues[marque] for reference, marque in index.items() if marque in connues}


def garde_en_jours(le: date | None = None) -> int:
    """How long an unsigned file is kept: a dated parameter."""
    lu = Parametre.objects.filter(code=GARDE, en_vigueur__contains=le or today()).first()
    return int(lu.valeur) if lu is not None else _GARDE_DEFAUT


def effacement_le(sujet: Reprise) -> date:
    return sujet.cree_a.date() + timedelta(days=garde_en_jours())


def echantillon(cle: UUID) -> "QuerySet[Ligne]":
    return Ligne.objects.filter(reprise_id=cle).exclude(controle="").select_related("controle_par")


def lignes(cle: UUID, etats: Sequence[str]) -> "QuerySet[Ligne]":
    return Ligne.objects.filter(reprise_id=cle, etat__in=etats).order_by("numero")


def doublons(cle: UUID) -> "QuerySet[Ligne]":
    """Those to decide, and those decided: a decision may be changed until the import."""
    return (
        Ligne.objects.filter(reprise_id=cle)
        .exclude(doublon={})
        .order_by(F("decide_a").asc(nulls_first=True), "numero")
    )


def fait_signee() -> Etat:
    """Fact ``reprise.signee``: every takeover that was imported is signed, and there is at least one."""
    etats = Reprise.objects.filter(etat__in=(EtatReprise.IMPORTEE, EtatReprise.SIGNEE)).values_list(
        "etat", flat=True
    )
    lus = list(etats)
    return Etat(fait=lus.count(EtatReprise.SIGNEE), attendu=max(1, len(lus)))


def document(sujet: Reprise) -> Document | None:
    """The sealed file, while there is one."""
    return Document.objects.filter(pk=sujet.document_id).first() if sujet.document_id else None


def faites(cle: UUID) -> "QuerySet[Ligne]":
    return lignes(cle, FAITES)
