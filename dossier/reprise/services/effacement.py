"""The file and its cells do not outlive their use: erased at the signature, at the undoing, or past their term."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from dossier.reprise import queries
from dossier.reprise.models import EN_ROUTE, EtatReprise, Ligne, Reprise
from dossier.reprise.services.depot import PREPARER
from dossier.reprise.services.erreurs import RepriseRefusee
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import exiger
from plateforme.storage.services import effacer as effacer_le_document


def effacer(sujet: Reprise, *, par: UUID | None) -> None:
    """In the caller's transaction. What stays: which line made which record, and when."""
    if sujet.efface_a is not None:
        return
    document = queries.document(sujet)
    if document is not None:
        effacer_le_document(document, par=par)
    Ligne.objects.filter(reprise=sujet).update(contenu=None, strict=None, proche=None, reference=None)
    sujet.apercu, sujet.secteurs_inconnus, sujet.efface_a = "", [], now()
    sujet.options = {cle: valeur for cle, valeur in sujet.options.items() if not cle.startswith("secteurs")}
    sujet.save()
    noter("reprise.fichier.efface", reprise=str(sujet.pk))


def abandonner(acteur: Any, cle: UUID) -> None:
    """A file deposited by mistake, nothing imported of it. Raises RepriseRefusee."""
    exiger(acteur, PREPARER)
    with transaction.atomic():
        sujet = queries.reprises(acteur).select_for_update(of=("self",)).filter(pk=cle).first()
        if sujet is None:
            raise Introuvable
        if queries.faites(cle).exists() or sujet.passages.filter(etat__in=EN_ROUTE).exists():
            raise RepriseRefusee(
                "Des lignes sont importées, ou un travail est en cours\u00a0: annulez l’import d’abord."
            )
        if sujet.etat in (EtatReprise.SIGNEE, EtatReprise.ANNULEE):
            raise RepriseRefusee("Cette reprise est déjà close.")
        sujet.etat, sujet.annulee_a = EtatReprise.ANNULEE, now()
        effacer(sujet, par=acteur.pk)


def purger() -> int:
    """Files past the term of the dated parameter, in the bound structure. How many."""
    limite = now() - timedelta(days=queries.garde_en_jours())
    faits = 0
    for cle in Reprise.objects.filter(efface_a=None, cree_a__lt=limite).values_list("pk", flat=True):
        with transaction.atomic():
            sujet = Reprise.objects.select_for_update().get(pk=cle)
            if not sujet.passages.filter(etat__in=EN_ROUTE).exists():
                if sujet.etat in (EtatReprise.DEPOSEE, EtatReprise.ESSAYEE):
                    sujet.etat, sujet.annulee_a = EtatReprise.ANNULEE, now()
                effacer(sujet, par=None)
                faits += 1
    return faits
