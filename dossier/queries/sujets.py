"""What the engine of rights may know of a usager: enough not to mistake the person, never more than needed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from dossier.models import Opposition, Usager
from dossier.queries.acces import avec_la_sante, expliquer_ouvert, usagers_en_sante, usagers_visibles
from plateforme.core.clock import now
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.registres import DossierOuvert, Sujet, Sujets


def decrire(compte: Any, ids: Sequence[UUID]) -> dict[UUID, Sujet]:
    """Four queries, whatever the number."""
    lignes = list(Usager.objects.filter(pk__in=ids))
    visibles = set(usagers_visibles(compte).filter(pk__in=ids).values_list("pk", flat=True))
    en_sante = set(usagers_en_sante(compte).filter(pk__in=ids).values_list("pk", flat=True))
    opposes = set(
        Opposition.objects.ouverts(now())
        .filter(Q(compte_id=compte.pk) | Q(role=compte.role), usager_id__in=ids)
        .values_list("usager_id", flat=True)
    )
    return {
        u.pk: Sujet(
            id=u.pk,
            repere=_repere(u),
            nom=u.nom_complet,
            visible=u.pk in visibles,
            sante=u.pk in en_sante,
            oppose=u.pk in opposes,
        )
        for u in lignes
    }


def _repere(u: Usager) -> str:
    """« Mme A. R., née en 1942 »."""
    ne = "née" if u.civilite == "MME" else "né"
    return f"{u.get_civilite_display()} {u.prenom[:1]}. {u.nom[:1]}., {ne} en {u.ne_le.year}"


def retrouver(nom: str, prenom: str, ne_le: date) -> UUID | None:
    """The one person of exactly this name, first given name and birth date; None for nobody or several."""
    memes = [
        u.pk
        for u in Usager.objects.filter(ne_le=ne_le)
        if cle_de_tri(nom) in (cle_de_tri(u.nom_naissance), cle_de_tri(u.nom_usage))
        and cle_de_tri(prenom) == cle_de_tri(u.prenom)
    ]
    return memes[0] if len(memes) == 1 else None


def adresse(cle: UUID) -> str:
    return reverse("usager", args=[cle])


# Said in a column of its own, or in words meant for the account itself.
_A_PART = ("Ma fonction", "Les données de santé", "L’opposition")


def nombre(compte: Any) -> int:
    """Dossiers open to this account now. Counting shows nobody."""
    return usagers_visibles(compte).count()


def communs(lecteur: Any, compte: Any, debut: int, combien: int) -> tuple[int, list[DossierOuvert]]:
    """Dossiers open to ``compte`` that ``lecteur`` may read himself: how many, and a page of them with the reason."""
    lignes = usagers_visibles(compte).filter(pk__in=usagers_visibles(lecteur).order_by().values("pk"))
    total = lignes.count()
    page = avec_la_sante(lignes.select_related("secteur"), compte).order_by("cle_tri", "pk")
    return total, [_ouvert(compte, usager) for usager in page[debut : debut + combien]]


def _ouvert(compte: Any, usager: Usager) -> DossierOuvert:
    explication = expliquer_ouvert(compte, usager)
    tiennent = [m for m in explication.maillons if m.tient]
    raisons = [m.libelle for m in tiennent if m.titre not in _A_PART]
    return DossierOuvert(
        usager.pk, usager.nom_complet, tuple(raisons or [m.libelle for m in tiennent[:1]]), explication.sante
    )


SUJETS = Sujets(decrire=decrire, retrouver=retrouver, adresse=adresse, nombre=nombre, communs=communs)
