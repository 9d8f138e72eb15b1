"""Recertification: everybody's rights looked at one by one, decided, signed. What was signed can be computed again."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now, today
from plateforme.core.errors import Conflit, ErreurMetier, Introuvable
from plateforme.faits import signaler
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.models import Campagne, DecisionDeRevue, LigneDeRevue
from plateforme.habilitations.services.fichier import Etat, changer
from plateforme.identity.base import Moyen
from plateforme.identity.models import Compte, Role
from plateforme.tenancy.courant import exiger_courant

MENER = "habilitations.revue.mener"
EVENEMENT_SIGNEE = "habilitations.revue.signee"


class RevueRefusee(ErreurMetier):
    code: ClassVar[str] = "habilitations.revue.refusee"


def ouvrir(acteur: Any, *, titre: str, echeance: date) -> Campagne:
    """One line per active account, as it stands. One campaign at a time. Raises RevueRefusee."""
    exiger(acteur, MENER)
    titre = " ".join(titre.split())[:120]
    if not titre:
        raise RevueRefusee("Donnez un titre.", champs={"titre": "Donnez un titre."})
    if echeance <= today():
        faute = "L’échéance doit être à venir."
        raise RevueRefusee(faute, champs={"echeance": faute})
    with transaction.atomic():
        if Campagne.objects.select_for_update().filter(signee_a=None).exists():
            raise RevueRefusee("Une revue est déjà en cours\u00a0: signez-la d’abord.")
        campagne = Campagne.objects.create(ouverte_par_id=acteur.pk, titre=titre, echeance=echeance)
        lignes = [
            LigneDeRevue(campagne=campagne, compte=compte, role=compte.role)
            for compte in Compte.objects.filter(actif=True)
        ]
        LigneDeRevue.objects.bulk_create(lignes)
        noter("habilitations.revue.ouverte", campagne=str(campagne.pk), comptes=len(lignes))
    return campagne


def _en_cours(campagne_id: UUID) -> Campagne:
    campagne: Campagne | None = Campagne.objects.select_for_update().filter(pk=campagne_id).first()
    if campagne is None:
        raise Introuvable
    if campagne.signee_a is not None:
        raise Conflit("Cette revue est signée\u00a0: elle ne change plus.")
    return campagne


@dataclass(frozen=True, slots=True)
class Choix:
    decision: str
    nouveau_role: str = ""
    note: str = ""


def decider(acteur: Any, campagne_id: UUID, choix: Mapping[UUID, Choix]) -> dict[UUID, str]:
    """Keep the decisions that are sound; the sentence of each one that is not, by line. Nothing is applied yet."""
    exiger(acteur, MENER)
    fautes: dict[UUID, str] = {}
    with transaction.atomic():
        campagne = _en_cours(campagne_id)
        lignes = LigneDeRevue.objects.select_for_update(of=("self",)).filter(campagne=campagne, pk__in=choix)
        changees = 0
        for ligne in lignes.select_related("compte"):
            voulu = _propre(choix[ligne.pk])
            if faute := _faute(acteur, ligne, voulu):
                fautes[ligne.pk] = faute
            elif (ligne.decision, ligne.nouveau_role, ligne.note) != (
                voulu.decision,
                voulu.nouveau_role,
                voulu.note,
            ):
                ligne.decision, ligne.nouveau_role, ligne.note = (
                    voulu.decision,
                    voulu.nouveau_role,
                    voulu.note,
                )
                ligne.decidee_par_id = acteur.pk if voulu.decision != DecisionDeRevue.EN_ATTENTE else None
                ligne.save()
                changees += 1
        if changees:
            noter("habilitations.revue.decidee", campagne=str(campagne.pk), lignes=changees)
    return fautes


def _propre(voulu: Choix) -> Choix:
    note = " ".join(voulu.note.split())[:200]
    return Choix(
        voulu.decision, voulu.nouveau_role if voulu.decision == DecisionDeRevue.MODIFIE else "", note
    )


def _faute(acteur: Any, ligne: LigneDeRevue, voulu: Choix) -> str:
    if voulu.decision not in DecisionDeRevue.values:
        return "Choisissez maintenir, changer ou retirer."
    change = voulu.decision in (DecisionDeRevue.MODIFIE, DecisionDeRevue.RETIRE)
    if change and ligne.compte_id == acteur.pk:
        return "On ne change pas son propre compte."
    if voulu.decision == DecisionDeRevue.MODIFIE:
        if voulu.nouveau_role not in Role.values:
            return "Choisissez la nouvelle fonction."
        if voulu.nouveau_role == ligne.role:
            return "C’est déjà sa fonction\u00a0: choisissez maintenir."
    return "Dites pourquoi, en quelques mots." if change and not voulu.note else ""


def signer(acteur: Any, campagne_id: UUID, *, moyen: str) -> Campagne:
    """Apply the decisions and keep the signed text, all of it or nothing. Raises RevueRefusee, Conflit, CompteRefuse."""
    exiger(acteur, MENER)
    with transaction.atomic():
        campagne = _en_cours(campagne_id)
        lignes = list(
            LigneDeRevue.objects.select_for_update(of=("self",))
            .filter(campagne=campagne)
            .select_related("compte", "decidee_par")
            .order_by("compte__identifiant")
        )
        reste = sum(ligne.decision == DecisionDeRevue.EN_ATTENTE for ligne in lignes)
        if reste:
            raise RevueRefusee(
                f"Il reste {reste} compte{'s' if reste > 1 else ''} à décider avant de signer."
            )
        comptes = {
            c.pk: c
            for c in Compte.objects.select_for_update()
            .filter(pk__in=[ligne.compte_id for ligne in lignes])
            .order_by("pk")
        }
        bouges = [ligne for ligne in lignes if comptes[ligne.compte_id].role != ligne.role]
        if bouges:
            raise Conflit(
                f"{bouges[0].compte.nom_complet} a changé de fonction depuis l’ouverture de la revue\u00a0: "
                "rien n’a été signé. Reprenez sa ligne."
            )
        voulus = [
            (comptes[ligne.compte_id], etat)
            for ligne in lignes
            if (etat := _etat(ligne, comptes[ligne.compte_id])) is not None
        ]
        instant = now()
        texte = texte_canonique(campagne, lignes, comptes, acteur, instant, moyen)
        changer(acteur, voulus)
        campagne.signee_a, campagne.signee_par_id = instant, acteur.pk
        signaler()
        campagne.resultat, campagne.empreinte = texte, empreinte(texte)
        campagne.save()
        # The journal is append-only and chained: it vouches for the text kept here.
        noter(EVENEMENT_SIGNEE, campagne=str(campagne.pk), empreinte=campagne.empreinte, comptes=len(lignes))
    return campagne


def reprendre_les_bouges(acteur: Any, campagne_id: UUID) -> int:
    """Lines whose account changed function meanwhile are read again, to be decided again."""
    exiger(acteur, MENER)
    with transaction.atomic():
        campagne = _en_cours(campagne_id)
        repris = 0
        for ligne in LigneDeRevue.objects.filter(campagne=campagne).select_related("compte"):
            if ligne.compte.role != ligne.role:
                ligne.role, ligne.decision = ligne.compte.role, DecisionDeRevue.EN_ATTENTE
                ligne.nouveau_role, ligne.decidee_par_id = "", None
                ligne.save()
                repris += 1
    return repris


def _etat(ligne: LigneDeRevue, compte: Any) -> Etat | None:
    """Where this account must be; None where it stays, or was closed meanwhile."""
    if not compte.actif or ligne.decision == DecisionDeRevue.MAINTENU:
        return None
    if ligne.decision == DecisionDeRevue.RETIRE:
        return Etat(compte.role, actif=False)
    return Etat(ligne.nouveau_role, actif=True)


def texte_canonique(
    campagne: Campagne,
    lignes: list[LigneDeRevue],
    comptes: Mapping[UUID, Any],
    acteur: Any,
    instant: datetime,
    moyen: str,
) -> str:
    """NFC, LF, one account a line in the order of identifiers: the same decisions always make the same bytes."""
    structure = exiger_courant()
    compte_par = {d: sum(ligne.decision == d for ligne in lignes) for d in DecisionDeRevue.values}
    entete = [
        "Treille, revue des droits, version 1",
        f"structure\u00a0: {structure.nom} ({structure.structure_id})",
        f"revue\u00a0: {campagne.titre} ({campagne.pk})",
        f"ouverte\u00a0: {campagne.cree_a:%Y-%m-%dT%H:%M:%SZ} par {campagne.ouverte_par.identifiant}",
        f"échéance\u00a0: {campagne.echeance:%Y-%m-%d}",
        f"signée\u00a0: {instant:%Y-%m-%dT%H:%M:%SZ} par {acteur.nom_complet} ({acteur.identifiant}), {acteur.libelle_role}",
        f"moyen d’authentification\u00a0: {Moyen(moyen).label if moyen in Moyen.values else 'inconnu'}",
        f"comptes\u00a0: {len(lignes)}, maintenus {compte_par['maintenu']}, "
        f"modifiés {compte_par['modifie']}, retirés {compte_par['retire']}",
        "identifiant | nom | fonction | décision | nouvelle fonction | état à la signature | note | décidée par",
    ]
    corps = [
        " | ".join(
            _champ(valeur)
            for valeur in (
                ligne.compte.identifiant,
                ligne.compte.nom_complet,
                ligne.role,
                ligne.decision,
                ligne.nouveau_role,
                "actif" if comptes[ligne.compte_id].actif else "désactivé",
                ligne.note,
                ligne.decidee_par.identifiant if ligne.decidee_par else "",
            )
        )
        for ligne in sorted(lignes, key=lambda ligne: ligne.compte.identifiant)
    ]
    return unicodedata.normalize("NFC", "\n".join([*entete, *corps])) + "\n"


def _champ(texte: str) -> str:
    return " ".join(texte.replace("|", "/").split())


def empreinte(texte: str) -> str:
    return hashlib.sha256(texte.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``texte``: the text still makes its hash; ``journal``: the journal recorded that very hash at the signature."""

    calculee: str
    texte: bool
    journal: bool

    @property
    def juste(self) -> bool:
        return self.texte and self.journal


def verifier(campagne: Campagne) -> Verdict:
    from plateforme.audit.models import Trace

    calculee = empreinte(campagne.resultat)
    traces = Trace.objects.filter(genre=EVENEMENT_SIGNEE, details__campagne=str(campagne.pk))
    connues = {t.details.get("empreinte") for t in traces}
    return Verdict(calculee, calculee == campagne.empreinte, connues == {calculee})
