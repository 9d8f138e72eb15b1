"""Break-glass: open for a reason and a few hours, close, judge. Everybody concerned hears of it at once."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.audit.lectures import lectures_muettes
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations import droits
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.models import BrisDeGlace, MotifBris, RevueBris
from plateforme.habilitations.registres import Sujet, sujets
from plateforme.habilitations.roles import DIRECTION, DPD
from plateforme.identity.models import Compte
from plateforme.notifications.models import Notification
from plateforme.outbox.services import publier

# Source: domain roles, bris de glace: 1 to 4 h, review within 72 h.
HEURES = (1, 2, 3, 4)
REVUE = timedelta(hours=72)
EXPLICATION_MIN = 15


class BrisRefuse(ErreurMetier):
    code: ClassVar[str] = "habilitations.bris.refuse"


class RevueRefusee(ErreurMetier):
    code: ClassVar[str] = "habilitations.bris.revue_refusee"


def sujet_de(acteur: Any, sujet_id: UUID) -> Sujet:
    """Who this is about, masked. Raises Introuvable."""
    with lectures_muettes():
        trouve = sujets().decrire(acteur, [sujet_id]).get(sujet_id)
    if trouve is None:
        raise Introuvable
    return trouve


def ouvrir(acteur: Any, sujet_id: UUID, *, motif: str, explication: str, heures: int) -> BrisDeGlace:
    """Open one dossier to ``acteur`` for ``heures``. Raises BrisRefuse by field, Introuvable."""
    exiger(acteur, "habilitations.bris.ouvrir")
    sujet = sujet_de(acteur, sujet_id)
    explication = " ".join(explication.split())[:500]
    _verifier(sujet, motif, explication, heures)
    debut = now()
    with transaction.atomic():
        # One at a time for an account: the row is its lock.
        Compte.objects.select_for_update().get(pk=acteur.pk)
        if BrisDeGlace.objects.ouverts(debut).filter(compte_id=acteur.pk).exists():
            raise BrisRefuse(
                "Vous avez déjà un accès exceptionnel ouvert\u00a0: refermez-le avant d’en ouvrir un autre."
            )
        ligne = BrisDeGlace.objects.create(
            compte_id=acteur.pk,
            sujet_id=sujet_id,
            motif=motif,
            explication=explication,
            du=debut,
            au=debut + timedelta(hours=heures),
            malgre_opposition=sujet.oppose,
            revue_avant=debut + REVUE,
        )
        noter(
            "habilitations.bris.ouvert",
            sujets=[sujet_id],
            bris=str(ligne.pk),
            motif=motif,
            heures=heures,
            malgre_opposition=sujet.oppose,
        )
        _prevenir(acteur, ligne)
        publier(
            "habilitations.bris.ouvert",
            f"usager:{sujet_id}",
            {"bris": str(ligne.pk), "compte": str(acteur.pk)},
        )
    droits.oublier(acteur)
    return ligne


def _verifier(sujet: Sujet, motif: str, explication: str, heures: int) -> None:
    fautes: dict[str, str] = {}
    if motif not in MotifBris.values:
        fautes["motif"] = "Choisissez le motif."
    if len(explication) < EXPLICATION_MIN:
        fautes["explication"] = (
            f"Dites en quelques mots ce qui se passe ({EXPLICATION_MIN} caractères au moins)."
        )
    if heures not in HEURES:
        fautes["heures"] = "L’accès dure de une à quatre heures."
    if sujet.oppose and motif != MotifBris.URGENCE and "motif" not in fautes:
        fautes["motif"] = (
            "La personne s’est opposée à ce que vous lisiez son dossier\u00a0: seule une urgence vitale permet de l’ouvrir."
        )
    if fautes:
        raise BrisRefuse(next(iter(fautes.values())), champs=fautes)
    if sujet.visible and sujet.sante:
        raise BrisRefuse("Ce dossier vous est déjà ouvert\u00a0: il n’y a rien à forcer.")


def _prevenir(acteur: Any, ligne: BrisDeGlace) -> None:
    """Direction and DPD, at once: the notification names who opened, not whose dossier."""
    Notification.objects.bulk_create(
        Notification(
            compte=compte,
            titre=f"Accès exceptionnel ouvert par {acteur.nom_complet}",
            detail=f"{str(ligne.get_motif_display()).capitalize()}. À revoir dans les 72 heures.",
            url="/acces-exceptionnels",
            icone="shield-alert",
            origine=ligne.pk,
        )
        for compte in Compte.objects.filter(role__in=(DIRECTION, DPD), actif=True).exclude(pk=acteur.pk)
    )


def refermer(acteur: Any, bris_id: UUID) -> None:
    """Close one's own before its end. Closing twice is closing once."""
    with transaction.atomic():
        ligne = BrisDeGlace.objects.select_for_update().filter(pk=bris_id, compte_id=acteur.pk).first()
        if ligne is None:
            raise Introuvable
        if ligne.clos_a is None and ligne.au > now():
            ligne.clos_a = now()
            ligne.save()
            noter("habilitations.bris.referme", sujets=[ligne.sujet_id], bris=str(ligne.pk))
    droits.oublier(acteur)


def revoir(acteur: Any, bris_id: UUID, *, verdict: str, note: str) -> BrisDeGlace:
    """Judge somebody else's. Raises RevueRefusee by field, Introuvable."""
    exiger(acteur, "habilitations.bris.revoir")
    note = " ".join(note.split())[:500]
    with transaction.atomic():
        ligne = BrisDeGlace.objects.select_for_update().filter(pk=bris_id).first()
        if ligne is None:
            raise Introuvable
        if ligne.compte_id == acteur.pk:
            raise RevueRefusee(
                "Vous avez ouvert cet accès vous-même\u00a0: une autre personne doit le juger."
            )
        fautes: dict[str, str] = {}
        if verdict not in RevueBris.values or verdict == RevueBris.A_REVOIR:
            fautes["verdict"] = "Choisissez votre avis."
        elif verdict != RevueBris.JUSTIFIE and not note:
            fautes["note"] = "Dites pourquoi, pour la personne concernée et pour l’usager."
        if fautes:
            raise RevueRefusee(next(iter(fautes.values())), champs=fautes)
        ligne.revue, ligne.revue_note, ligne.revue_par_id, ligne.revue_a = verdict, note, acteur.pk, now()
        ligne.save()
        noter("habilitations.bris.juge", sujets=[ligne.sujet_id], bris=str(ligne.pk), verdict=verdict)
        Notification.objects.create(
            compte_id=ligne.compte_id,
            titre="Votre accès exceptionnel a été revu",
            detail=f"Avis de {acteur.nom_complet}\u00a0: {ligne.get_revue_display()}.",
            icone="shield-check",
        )
    return ligne
