"""Write a note, correct it, mark it read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from uuid_utils.compat import uuid7

from dossier.queries import usagers_visibles
from liaison.models import Audience, Lecture, Observation, Transmission
from liaison.queries import non_lues, transmissions_visibles
from liaison.rules import puces_propres
from liaison.services.errors import ChampRefuse, DejaCorrigee, PasAuteur, TransmissionVide
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import exiger
from plateforme.outbox.services import publier
from telegestion.models import Intervention

TEXTE_MAX = 4000


def publier_transmission(
    acteur: Any,
    *,
    usager_id: UUID,
    texte: str = "",
    observation: str = "",
    audience: str = Audience.EQUIPE,
    puces: Sequence[str] = (),
    intervention_id: UUID | None = None,
    ecrite_a: datetime | None = None,
    cle: UUID | None = None,
) -> Transmission:
    """A note for the next one. ``cle`` is the phone's event id: the same note twice is one note.

    Idempotent: on ``cle``. The case is judged at ``ecrite_a``: a phone may speak days later.
    Raises: Introuvable, TransmissionVide, ChampRefuse.
    """
    exiger(acteur, "liaison.transmission.publier")
    instant = ecrite_a or now()
    note = Transmission(
        id=cle or uuid7(),
        auteur=acteur,
        texte=texte.strip(),
        observation=observation,
        audience=audience,
        puces=puces_propres(list(puces)),
        ecrite_a=instant,
    )
    _verifier(note)
    with transaction.atomic():
        deja = Transmission.objects.filter(pk=cle, auteur_id=acteur.pk).first() if cle else None
        if deja is not None:
            return deja
        visite = _visite(intervention_id, usager_id)
        usager = usagers_visibles(acteur, instant).filter(pk=usager_id).first()
        if usager is None and (visite is None or not _est_la_sienne(acteur, visite)):
            raise Introuvable
        note.usager_id = usager_id
        note.intervention = visite
        note.save(force_insert=True)
        _annoncer(note)
    return note


def corriger_transmission(
    acteur: Any, transmission_id: UUID, *, texte: str, observation: str, audience: str
) -> Transmission:
    """A new note takes the place of the first, which stays, linked. By its author only.

    Lock: the corrected note. Raises: Introuvable, PasAuteur, DejaCorrigee, TransmissionVide, ChampRefuse.
    """
    exiger(acteur, "liaison.transmission.corriger")
    with transaction.atomic():
        ancienne = (
            Transmission.objects.select_for_update(of=("self",))
            .filter(pk=transmission_id)
            .filter(pk__in=_a_moi_ou_lisibles(acteur))
            .first()
        )
        if ancienne is None:
            raise Introuvable
        if ancienne.auteur_id != acteur.pk:
            raise PasAuteur
        if ancienne.corrections.exists():
            raise DejaCorrigee
        note = Transmission(
            usager_id=ancienne.usager_id,
            intervention_id=ancienne.intervention_id,
            auteur=acteur,
            texte=texte.strip(),
            observation=observation,
            audience=audience,
            puces=ancienne.puces,
            ecrite_a=now(),
            corrige=ancienne,
        )
        _verifier(note)
        note.save(force_insert=True)
        _annoncer(note)
    return note


def marquer_lue(acteur: Any, transmission_id: UUID) -> Transmission:
    """Leaves a trace: who, when. Twice is once. Raises: Introuvable."""
    exiger(acteur, "liaison.transmission.lire")
    note = transmissions_visibles(acteur).filter(pk=transmission_id).first()
    if note is None:
        raise Introuvable
    if note.auteur_id != acteur.pk:
        Lecture.objects.bulk_create([Lecture(transmission=note, compte=acteur)], ignore_conflicts=True)
    return note


def tout_marquer_lu(acteur: Any) -> int:
    """Every note that waits for this account. Says how many."""
    exiger(acteur, "liaison.transmission.lire")
    ids = list(non_lues(acteur).values_list("pk", flat=True))
    Lecture.objects.bulk_create(
        [Lecture(transmission_id=cle, compte=acteur) for cle in ids], ignore_conflicts=True, batch_size=500
    )
    return len(ids)


def _verifier(note: Transmission) -> None:
    if note.observation and note.observation not in Observation.values:
        raise ChampRefuse("observation", "Choisissez une observation de la liste.")
    if note.audience not in Audience.values:
        raise ChampRefuse("audience", "Choisissez pour qui est cette transmission.")
    if len(note.texte) > TEXTE_MAX:
        raise ChampRefuse("texte", f"{TEXTE_MAX} caractères au plus.")
    if not note.texte and note.puces:
        note.texte = ". ".join(note.puces) + "."
    if not note.texte and not note.observation:
        raise TransmissionVide


def _visite(intervention_id: UUID | None, usager_id: UUID) -> Intervention | None:
    """The visit the note is about, when it is this person's; a visit of somebody else is not quoted."""
    if intervention_id is None:
        return None
    return (
        Intervention.objects.select_related("intervenant")
        .filter(pk=intervention_id, usager_id=usager_id)
        .first()
    )


def _est_la_sienne(acteur: Any, visite: Intervention) -> bool:
    return visite.intervenant is not None and visite.intervenant.compte_id == acteur.pk


def _a_moi_ou_lisibles(acteur: Any) -> Any:
    """Also the notes already corrected, so that one is told so."""
    return Transmission.objects.filter(
        Q(auteur_id=acteur.pk) | Q(pk__in=transmissions_visibles(acteur).order_by().values("pk"))
    ).values("pk")


def _annoncer(note: Transmission) -> None:
    """Privacy: ids only."""
    publier("liaison.transmission.publiee", f"usager:{note.usager_id}", {"transmission": str(note.pk)})
