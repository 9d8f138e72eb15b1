"""Duplicates are proposed by traits; a person decides, one line at a time."""

from typing import Any
from uuid import UUID

from django.db import transaction

from dossier.reprise import queries, registre
from dossier.reprise.models import Decision, EtatLigne, EtatReprise, Ligne
from dossier.reprise.services import depot
from dossier.reprise.services.erreurs import RepriseRefusee
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import exiger

PAS_A_VOUS = (
    "Ce dossier ne vous est pas ouvert\u00a0: demandez à qui peut l’ouvrir de décider pour cette ligne."
)


def decider(acteur: Any, cle: UUID, ligne_id: UUID, choix: str) -> Ligne:
    """Raises Introuvable, RepriseRefusee. May be changed until the import."""
    exiger(acteur, depot.PREPARER)
    with transaction.atomic():
        sujet = depot.modifiable(acteur, cle)
        if sujet.etat != EtatReprise.ESSAYEE:
            raise RepriseRefusee("L’essai n’est pas terminé\u00a0: attendez sa fin.")
        ligne = Ligne.objects.select_for_update().filter(pk=ligne_id, reprise=sujet).first()
        if ligne is None or not ligne.doublon:
            raise Introuvable
        _exiger_possible(acteur, sujet.genre, ligne, choix)
        ligne.decision, ligne.decide_par, ligne.decide_a = choix, acteur, now()
        ligne.etat = EtatLigne.ECARTEE if choix == Decision.GARDER else EtatLigne.PRETE
        ligne.save()
        noter("reprise.doublon.decide", reprise=str(cle), ligne=ligne.numero, choix=choix)
    return ligne


def choix_possibles(ligne: Ligne) -> list[Decision]:
    """Two lines of one file cannot complete each other; a known reference is already a record."""
    if "objet" not in ligne.doublon:
        return [Decision.CREER, Decision.GARDER]
    if ligne.doublon["nature"] == "reference":
        return [Decision.GARDER, Decision.COMPLETER]
    return [Decision.CREER, Decision.GARDER, Decision.COMPLETER]


def _exiger_possible(acteur: Any, genre: str, ligne: Ligne, choix: str) -> None:
    if choix not in choix_possibles(ligne):
        raise RepriseRefusee("Ce choix n’est pas possible pour cette ligne.")
    objet = ligne.doublon.get("objet")
    if objet and not registre.genre(genre).visibles(acteur, [UUID(objet)]):
        raise RepriseRefusee(PAS_A_VOUS)


def restent_a_decider(cle: UUID) -> int:
    return queries.lignes(cle, [EtatLigne.A_DECIDER]).count()
