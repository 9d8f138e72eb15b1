"""What the engine of rights may know of a usager: enough not to mistake the person, never more than needed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from dossier.models import Opposition, Usager
from dossier.queries.acces import usagers_en_sante, usagers_visibles
from plateforme.core.clock import now
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.registres import Sujet, Sujets


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


SUJETS = Sujets(decrire=decrire, retrouver=retrouver, adresse=adresse)
