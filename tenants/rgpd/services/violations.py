"""Violations: a file opened when they are known, tended against the clock, closed when nothing is missing."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.roles import DIRECTION, DPD
from plateforme.identity.models import Compte
from plateforme.identity.services import avis
from tenants.contexte import elever
from tenants.models import EtatStructure, Organisme, Structure
from tenants.rgpd import queries
from tenants.rgpd.models import EvenementReseau, LigneDeViolation, Violation
from tenants.rgpd.services.commun import RgpdRefuse, acte, net

TENIR = "rgpd.violation.tenir"
Genre = LigneDeViolation.Genre


def _rang(organisme: Organisme) -> int:
    return (Violation.objects.filter(organisme=organisme).aggregate(n=Max("rang"))["n"] or 0) + 1


def ouvrir(acteur: Any, *, connue_a: datetime, **champs: Any) -> Violation:
    """Open a file: the clock starts at ``connue_a``, when this responsable de traitement knew. Raises RgpdRefuse."""
    structure_id = queries.structure_courante()
    with acte(acteur, TENIR, "rgpd.violation.ouverte") as organisme:
        if connue_a > now():
            raise RgpdRefuse(
                "L’instant est dans le futur.", champs={"connue_a": "Cet instant n’est pas encore arrivé."}
            )
        return Violation.objects.create(
            organisme=organisme, structure_id=structure_id, rang=_rang(organisme), connue_a=connue_a, **champs
        )


def _ouverte(organisme: Organisme, violation_id: UUID) -> queries.ViolationLue:
    lue = queries.violation(organisme, violation_id)
    if lue.violation.close_a is not None:
        raise RgpdRefuse("Ce dossier est clos\u00a0: il ne change plus.")
    return lue


def completer(acteur: Any, violation_id: UUID, **champs: Any) -> Violation:
    """What is learnt little by little. The instant of knowledge never moves."""
    with acte(acteur, TENIR, "rgpd.violation.tenue", violation=str(violation_id)) as organisme:
        ligne = _ouverte(organisme, violation_id).violation
        for champ, valeur in champs.items():
            setattr(ligne, champ, valeur)
        ligne.save()
        return ligne


def ajouter_une_ligne(
    acteur: Any, violation_id: UUID, *, genre: str, le: datetime, reference: str, texte: str
) -> LigneDeViolation:
    """Write what was done: it stays. Raises RgpdRefuse with what is missing."""
    with acte(acteur, TENIR, "rgpd.violation.tenue", violation=str(violation_id), genre=genre) as organisme:
        lue = _ouverte(organisme, violation_id)
        _exiger_coherent(lue, genre, le, texte)
        ligne = LigneDeViolation.objects.create(
            violation=lue.violation, genre=genre, le=le, reference=net(reference, 120), texte=texte.strip(),
            ecrite_par=acteur.pk, ecrite_role=acteur.libelle_role, ecrite_a=now(),
        )  # fmt: skip
        if genre == Genre.CLOTURE:
            lue.violation.close_a = le
            lue.violation.save()
        return ligne


def _exiger_coherent(lue: queries.ViolationLue, genre: str, le: datetime, texte: str) -> None:
    if le > now() or le < lue.violation.connue_a:
        raise RgpdRefuse(
            "Instant impossible.", champs={"le": "Entre la connaissance de la violation et maintenant."}
        )
    faits = {ligne.genre for ligne in lue.lignes}
    if genre == Genre.CNIL_INITIALE and genre in faits:
        raise RgpdRefuse("La notification initiale est déjà enregistrée\u00a0: ajoutez un complément.")
    if genre == Genre.CNIL_COMPLEMENT and Genre.CNIL_INITIALE not in faits:
        raise RgpdRefuse("Enregistrez d’abord la notification initiale.")
    if genre == Genre.NON_NOTIFIEE and lue.violation.risque != Violation.Niveau.AUCUN:
        raise RgpdRefuse(
            "La CNIL n’est pas notifiée seulement si la violation n’engendre probablement aucun risque\u00a0: "
            "évaluez d’abord le risque."
        )
    motive = genre in (Genre.NON_NOTIFIEE, Genre.PERSONNES_DISPENSE)
    if genre == Genre.CNIL_INITIALE and le > lue.horloge.echeance:
        motive = True
    if motive and len(texte.split()) < 5:
        raise RgpdRefuse("Dites pourquoi.", champs={"texte": "Motivez en une phrase entière."})
    if genre == Genre.CLOTURE and lue.reste:
        raise RgpdRefuse(" ".join(lue.reste))


# --- the platform’s own event -----------------------------------------------------------------------------


def signaler_aux_responsables(
    acteur: Any,
    organismes: Sequence[Organisme],
    *,
    constate_a: datetime,
    atteintes: Sequence[str],
    circonstances: str,
    mesures: str,
) -> EvenementReseau:
    """One event of the platform, one separate file for each entité juridique; its people are told at once.

    Each clock starts now: that is when each responsable de traitement knows. Nothing in a file names another one.
    """
    exiger(acteur, "rgpd.evenement.ouvrir")
    if constate_a > now():
        raise RgpdRefuse(
            "L’instant est dans le futur.", champs={"constate_a": "Cet instant n’est pas encore arrivé."}
        )
    if not organismes:
        raise RgpdRefuse("Choisissez au moins une entité.", champs={"organismes": "Choisissez une entité."})
    with transaction.atomic():
        evenement = EvenementReseau.objects.create(
            reference=f"EV-{secrets.token_hex(4).upper()}", constate_a=constate_a, atteintes=list(atteintes),
            circonstances=circonstances.strip(), mesures=mesures.strip(), ouvert_par=acteur.pk, ouvert_a=now(),
        )  # fmt: skip
        for organisme in organismes:
            Organisme.objects.select_for_update().get(pk=organisme.pk)
            Violation.objects.create(
                organisme=organisme, evenement=evenement, rang=_rang(organisme), connue_a=now(),
                survenue=f"Constatée par la plateforme, référence {evenement.reference}", atteintes=list(atteintes),
                circonstances=evenement.circonstances, mesures=evenement.mesures,
            )  # fmt: skip
        noter("rgpd.evenement.ouvert", reference=evenement.reference, dossiers=len(organismes))
        for structure in Structure.objects.filter(
            organisme__in=[o.pk for o in organismes], etat=EtatStructure.ACTIVE
        ):
            _prevenir(structure)
    return evenement


def _prevenir(structure: Structure) -> None:
    with elever(structure, motif="rgpd.violation.signalee"):
        for compte in Compte.objects.filter(role__in=(DIRECTION, DPD), actif=True):
            avis.rappeler(
                compte,
                "Une violation de données vous est signalée",
                "Le délai de notification à la CNIL court depuis maintenant.",
                "/rgpd/violations",
                icone="siren",
            )
