"""A sample checked line by line against the file, then the direction's signature: after it, nothing is undone."""

from typing import Any
from uuid import UUID

from django.db import transaction

from dossier.reprise import queries
from dossier.reprise.models import EN_ROUTE, Controle, EtatReprise, Ligne, Reprise
from dossier.reprise.services import effacement
from dossier.reprise.services.depot import PREPARER
from dossier.reprise.services.erreurs import DejaEnRoute, RepriseRefusee
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from plateforme.faits import signaler
from plateforme.habilitations.decision import exiger

SIGNER = "reprise.reprise.signer"


def controler(acteur: Any, cle: UUID, ligne_id: UUID, etat: str) -> Ligne:
    """Tick one line: the same as the file, or not. Raises Introuvable, RepriseRefusee."""
    exiger(acteur, PREPARER)
    if etat not in Controle.values:
        raise Introuvable
    with transaction.atomic():
        sujet = _a_signer(acteur, cle)
        ligne = queries.echantillon(cle).select_for_update(of=("self",)).filter(pk=ligne_id).first()
        if ligne is None:
            raise Introuvable
        ligne.controle, ligne.controle_par, ligne.controle_a = etat, acteur, now()
        ligne.save()
        noter("reprise.ligne.controlee", reprise=str(sujet.pk), ligne=ligne.numero, etat=etat)
    return ligne


def _a_signer(acteur: Any, cle: UUID) -> Reprise:
    sujet = queries.reprises(acteur).select_for_update(of=("self",)).filter(pk=cle).first()
    if sujet is None:
        raise Introuvable
    if sujet.etat != EtatReprise.IMPORTEE:
        raise RepriseRefusee(
            "Cette reprise n’est pas à signer\u00a0: elle n’est pas importée, ou déjà close."
        )
    return sujet


def signer(acteur: Any, cle: UUID) -> Reprise:
    """Dated, named, journaled; the file is erased. Raises RepriseRefusee while the sample is not wholly the same."""
    exiger(acteur, SIGNER)
    with transaction.atomic():
        sujet = _a_signer(acteur, cle)
        if sujet.passages.filter(etat__in=EN_ROUTE).exists():
            raise DejaEnRoute
        tires = list(queries.echantillon(cle).values_list("controle", flat=True))
        if ecarts := tires.count(Controle.ECART):
            raise RepriseRefusee(
                f"{ecarts} ligne{'s' if ecarts > 1 else ''} de l’échantillon diffère{'nt' if ecarts > 1 else ''} du "
                "fichier\u00a0: corrigez la fiche et cochez-la conforme, ou annulez l’import."
            )
        if reste := tires.count(Controle.A_VOIR):
            raise RepriseRefusee(
                f"Il reste {reste} ligne{'s' if reste > 1 else ''} de l’échantillon à contrôler."
            )
        sujet.etat, sujet.signee_a, sujet.signee_par = EtatReprise.SIGNEE, now(), acteur
        sujet.save()
        details: dict[str, Any] = {"genre": sujet.genre, "echantillon": len(tires), **queries.comptes(cle)}
        noter("reprise.signee", reprise=str(cle), **details)
        effacement.effacer(sujet, par=acteur.pk)
        signaler()
    return sujet
