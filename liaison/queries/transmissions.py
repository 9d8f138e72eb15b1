"""Notes a person may read. A note that was corrected gives way to its correction, everywhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from dossier.queries import usagers_en_sante, usagers_visibles
from liaison.models import Audience, Lecture, Observation, Transmission
from liaison.rules import extrait
from plateforme.core.clock import now
from plateforme.terrain.registres import Prudence

# Older than this, a note nobody read is history: it no longer waits for anybody.
FENETRE = timedelta(days=30)
PRUDENCE = timedelta(hours=48)
A_SUIVRE = (Observation.SURVEILLER, Observation.PREVENIR)
FILTRES = {"non_lues": "Non lues", "surveiller": "À surveiller", "soins": "Soins"}


def transmissions_visibles(compte: Any) -> "QuerySet[Transmission]":
    """Of the people on whose case this account is, within the audiences it reads; its own in any case."""
    lisible = Q(audience__in=(Audience.EQUIPE, Audience.FAMILLE))
    lisible |= Q(audience=Audience.SOINS, usager__in=usagers_en_sante(compte).values("pk"))
    lisible &= Q(usager__in=usagers_visibles(compte).order_by().values("pk"))
    return Transmission.objects.filter(lisible | Q(auteur_id=compte.pk), corrections__isnull=True)


def non_lues(compte: Any) -> "QuerySet[Transmission]":
    """Somebody else's, recent, that this account has not marked."""
    lue = Lecture.objects.filter(transmission=OuterRef("pk"), compte_id=compte.pk)
    return (
        transmissions_visibles(compte)
        .filter(~Exists(lue), ecrite_a__gte=now() - FENETRE)
        .exclude(auteur_id=compte.pk)
    )


def nombre_non_lues(compte: Any) -> int:
    return non_lues(compte).count()


def lisibles_en_liste(lignes: "QuerySet[Transmission]", compte: Any) -> "QuerySet[Transmission]":
    """With everything a line shows: people, note it corrects, read by me, number of readers. One query."""
    siennes = Lecture.objects.filter(transmission=OuterRef("pk"), compte_id=compte.pk)
    lecteurs = (
        Lecture.objects.filter(transmission=OuterRef("pk"))
        .exclude(compte_id=OuterRef("auteur_id"))
        .order_by()
        .values("transmission")
        .annotate(nombre=Count("pk"))
        .values("nombre")
    )
    return (
        lignes.select_related("auteur", "usager", "corrige")
        .annotate(
            lue_par_moi=Exists(siennes),
            lecteurs=Coalesce(Subquery(lecteurs, output_field=IntegerField()), Value(0)),
        )
        .order_by("-ecrite_a", "-pk")
    )


def lister(compte: Any, *, filtre: str = "", usager_id: UUID | None = None) -> "QuerySet[Transmission]":
    """Newest first. ``filtre``: a key of FILTRES, anything else shows all."""
    lignes = non_lues(compte) if filtre == "non_lues" else transmissions_visibles(compte)
    if filtre == "surveiller":
        lignes = lignes.filter(observation__in=A_SUIVRE)
    elif filtre == "soins":
        lignes = lignes.filter(audience=Audience.SOINS)
    if usager_id is not None:
        lignes = lignes.filter(usager_id=usager_id)
    return lisibles_en_liste(lignes, compte)


def dernieres(compte: Any, *, avant: datetime | None = None, limite: int = 4) -> list[Transmission]:
    lignes = transmissions_visibles(compte)
    if avant is not None:
        lignes = lignes.filter(ecrite_a__lt=avant)
    return list(lisibles_en_liste(lignes, compte)[:limite])


def transmission(compte: Any, cle: UUID) -> Transmission | None:
    """None looks the same for unknown, of another structure, of another audience."""
    return lisibles_en_liste(transmissions_visibles(compte).filter(pk=cle), compte).first()


def a_suivre(compte: Any, debut: datetime | None, fin: datetime | None) -> list[Transmission]:
    """Notes « prévenir » and « à surveiller » this account has not read yet, oldest first."""
    lignes = non_lues(compte).filter(observation__in=A_SUIVRE)
    if debut is not None:
        lignes = lignes.filter(ecrite_a__gte=debut)
    if fin is not None:
        lignes = lignes.filter(ecrite_a__lt=fin)
    return list(lignes.select_related("auteur", "usager").order_by("ecrite_a", "pk")[:50])


def prudences(compte: Any, usagers: Sequence[UUID]) -> Mapping[UUID, Prudence]:
    """The latest worrying note of each person, two days old at most, that this account may read. One query."""
    lignes = (
        transmissions_visibles(compte)
        .filter(usager_id__in=usagers, observation__in=A_SUIVRE, ecrite_a__gte=now() - PRUDENCE)
        .select_related("auteur")
        .order_by("usager_id", "-ecrite_a", "-pk")
        .distinct("usager_id")
    )
    return {
        ligne.usager_id: Prudence(
            f"{ligne.get_observation_display()}\u00a0:",
            f"{extrait(ligne.texte or ', '.join(ligne.puces))} ({ligne.auteur.nom_complet})".strip(),
            ligne.ecrite_a,
        )
        for ligne in lignes
    }
