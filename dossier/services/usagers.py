"""Acts on a person's file: right, lock, rules, write, publish; or a refusal with its sentence."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from dossier.models import Usager
from dossier.queries import refuser, usagers_visibles
from dossier.rules import fautes_de_dates
from dossier.services.errors import DejaSorti, FicheRefusee, HomonymePossible, UsagerModifie
from dossier.services.fiche import appliquer
from plateforme.core.clock import today
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.decision import exiger
from plateforme.outbox.services import publier

logger = logging.getLogger(__name__)
HORS_DE_MES_SECTEURS = (
    "Vous ne répondez pas de ce secteur\u00a0: choisissez-en un des vôtres, "
    "ou demandez à la direction de vous le confier."
)


def admettre_usager(acteur: Any, champs: Mapping[str, Any], *, homonyme_confirme: bool = False) -> Usager:
    """A new person, INS « provisoire » until it is looked up.

    Raises: FicheRefusee; HomonymePossible unless somebody looked and said it is another person.
    """
    exiger(acteur, "dossier.usager.creer")
    ligne = Usager()
    appliquer(acteur, ligne, champs)
    if not homonyme_confirme and _homonyme(ligne):
        raise HomonymePossible
    with transaction.atomic():
        ligne.save(force_insert=True)
        if not usagers_visibles(acteur).filter(pk=ligne.pk).exists():
            # Nobody files somebody away from themselves: the dossier would close on whoever opened it.
            raise FicheRefusee(champs={"secteur_id": HORS_DE_MES_SECTEURS})
        publier("dossier.usager.admis", f"usager:{ligne.pk}", {"usager": str(ligne.pk)})
    return ligne


def modifier_usager(
    acteur: Any, usager_id: UUID, champs: Mapping[str, Any], *, vu_a: datetime | None
) -> Usager:
    """Change some fields. ``vu_a``: ``modifie_a`` of the version the caller saw; None does not compare.

    Lock: the row. Raises: Introuvable, UsagerModifie, FicheRefusee.
    """
    exiger(acteur, "dossier.usager.modifier")
    with transaction.atomic():
        ligne = _verrouiller(acteur, usager_id)
        if vu_a is not None and vu_a != ligne.modifie_a:
            raise UsagerModifie(ligne)
        appliquer(acteur, ligne, champs)
        ligne.save()
        publier("dossier.usager.modifie", f"usager:{ligne.pk}", {"usager": str(ligne.pk)})
    return ligne


def enregistrer_sortie(acteur: Any, usager_id: UUID, sorti_le: date) -> Usager:
    """The service no longer goes to this person's home. The file stays, for the time of its retention.

    Raises: Introuvable, DejaSorti, FicheRefusee for an impossible date.
    """
    exiger(acteur, "dossier.usager.sortir")
    with transaction.atomic():
        ligne = _verrouiller(acteur, usager_id)
        if ligne.sorti_le is not None:
            raise DejaSorti
        fautes = fautes_de_dates(
            ne_le=ligne.ne_le, accompagne_depuis=ligne.accompagne_depuis, sorti_le=sorti_le, jour=today()
        )
        if "sorti_le" in fautes:
            raise FicheRefusee({"sorti_le": fautes["sorti_le"]})
        ligne.sorti_le = sorti_le
        ligne.save()
        publier("dossier.usager.sorti", f"usager:{ligne.pk}", {"usager": str(ligne.pk)})
    return ligne


def annuler_sortie(acteur: Any, usager_id: UUID) -> Usager:
    """The person comes back, or the exit was a mistake."""
    exiger(acteur, "dossier.usager.sortir")
    with transaction.atomic():
        ligne = _verrouiller(acteur, usager_id)
        if ligne.sorti_le is not None:
            ligne.sorti_le = None
            ligne.save()
            publier("dossier.usager.revenu", f"usager:{ligne.pk}", {"usager": str(ligne.pk)})
    return ligne


def devoiler_acces(acteur: Any, usager_id: UUID) -> str:
    """Keys and door code in clear, "" when nothing is known. Each unveiling leaves a message and a log line.

    Privacy: neither says the code nor the name.
    """
    exiger(acteur, "dossier.usager.acces_logement")
    ligne = usagers_visibles(acteur).filter(pk=usager_id).first()
    if ligne is None:
        refuser(acteur, usager_id)
    if ligne.acces_logement:
        with transaction.atomic():
            publier(
                "dossier.acces.devoile",
                f"usager:{ligne.pk}",
                {"usager": str(ligne.pk), "compte": str(acteur.pk)},
            )
        logger.info("accès au logement affiché", extra={"code": "dossier.acces.devoile"})
    return ligne.acces_logement


def _verrouiller(acteur: Any, usager_id: UUID) -> Usager:
    ligne = usagers_visibles(acteur).select_for_update(of=("self",)).filter(pk=usager_id).first()
    if ligne is None:
        refuser(acteur, usager_id)
    return ligne


def _homonyme(ligne: Usager) -> bool:
    """Same day of birth, same first given name, and a family name in common, however it is written."""
    noms = {cle_de_tri(nom) for nom in (ligne.nom_naissance, ligne.nom_usage) if nom}
    prenom = cle_de_tri(ligne.prenom)
    return any(
        cle_de_tri(autre.prenom) == prenom
        and noms & {cle_de_tri(nom) for nom in (autre.nom_naissance, autre.nom_usage) if nom}
        for autre in Usager.objects.filter(ne_le=ligne.ne_le)
    )
