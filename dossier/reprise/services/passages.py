"""Runs: asked by a person, done by a worker, one at a time per file, taken up again where a dead worker left them."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from dossier.reprise.models import EtatPassage, GenrePassage, Passage, Reprise
from dossier.reprise.models.reprise import SILENCE
from dossier.reprise.services.erreurs import DejaEnRoute, RepriseRefusee
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.observability.contexte import tracer
from plateforme.tasks.remise import remettre

logger = logging.getLogger(__name__)

TACHE = "reprise.executer"
Travail = Callable[[Passage], str]  # returns the closing sentence
_travaux: dict[str, Travail] = {}


def inscrire_travail(genre: GenrePassage, travail: Travail) -> None:
    _travaux[genre] = travail


def demander(sujet: Reprise, genre: GenrePassage, auteur_id: UUID, *, total: int) -> Passage:
    """In the caller's transaction; handed to a worker after the commit. Raises DejaEnRoute."""
    try:
        with transaction.atomic():
            passage = Passage.objects.create(reprise=sujet, genre=genre, auteur_id=auteur_id, total=total)
    except IntegrityError as erreur:
        raise DejaEnRoute from erreur
    transaction.on_commit(lambda: remettre(TACHE, str(passage.pk)))
    return passage


def orphelins() -> list[UUID]:
    """Runs nobody does: handed over and lost, or whose worker gives no sign."""
    limite = now() - SILENCE
    return list(
        Passage.objects.filter(
            Q(etat=EtatPassage.EN_ATTENTE, cree_a__lt=limite)
            | Q(etat=EtatPassage.EN_COURS, battement__lt=limite)
        ).values_list("pk", flat=True)
    )


def relancer(passage: Passage) -> None:
    """A page that is looked at wakes a run whose worker died, without waiting for the periodic task."""
    if passage.est_perdu:
        remettre(TACHE, str(passage.pk))


def reprendre(passage: Passage) -> None:
    """Go on with a run that stopped on an error. Raises RepriseRefusee when it did not."""
    with transaction.atomic():
        if not Passage.objects.filter(pk=passage.pk, etat=EtatPassage.ECHOUE).update(
            etat=EtatPassage.EN_ATTENTE, message="", fini_a=None, cree_a=now()
        ):
            raise RepriseRefusee("Ce travail n’est pas interrompu.")
        transaction.on_commit(lambda: remettre(TACHE, str(passage.pk)))


def _prendre(passage_id: UUID) -> Passage | None:
    """Compare-and-set: the run is ours, or None when it is over or somebody else's."""
    instant = now()
    pris = Passage.objects.filter(
        Q(etat=EtatPassage.EN_ATTENTE) | Q(etat=EtatPassage.EN_COURS, battement__lt=instant - SILENCE),
        pk=passage_id,
    ).update(etat=EtatPassage.EN_COURS, battement=instant)
    if not pris:
        return None
    Passage.objects.filter(pk=passage_id, demarre_a=None).update(demarre_a=instant)
    return Passage.objects.select_related("reprise", "auteur").get(pk=passage_id)


def executer(passage_id: UUID) -> None:
    """Do a run to its end. A crash leaves it to be taken up; a refusal stops it with its sentence."""
    passage = _prendre(passage_id)
    if passage is None:
        return
    with tracer(acteur_id=passage.auteur_id):
        try:
            message = _travaux[passage.genre](passage)
        except ErreurMetier as erreur:
            _finir(passage, EtatPassage.ECHOUE, erreur.message)
        except Exception as erreur:
            _finir(passage, EtatPassage.ECHOUE, "Une erreur inattendue a interrompu ce travail.")
            logger.exception("reprise interrompue", extra={"code": type(erreur).__name__})
            raise
        else:
            _finir(passage, EtatPassage.FINI, message)


def _finir(passage: Passage, etat: EtatPassage, message: str) -> None:
    Passage.objects.filter(pk=passage.pk, etat=EtatPassage.EN_COURS).update(
        etat=etat, message=message, fini_a=now(), battement=now()
    )


def verrouiller(passage: Passage) -> None:
    """First statement of each chunk: two workers of one run wait for each other. Raises when it is over."""
    etat = Passage.objects.select_for_update().filter(pk=passage.pk).values_list("etat", flat=True).first()
    if etat != EtatPassage.EN_COURS:
        raise RepriseRefusee("Ce travail est terminé.")


def avancer(passage: Passage, fait: int) -> None:
    """In the chunk's transaction: what is counted is what is written."""
    passage.fait, passage.total = fait, max(passage.total, fait)
    Passage.objects.filter(pk=passage.pk).update(fait=fait, total=passage.total, battement=now())
